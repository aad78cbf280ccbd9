-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- What an account's counters say. KEYS[1]: its tasks. Answers fields and values: what is spent, and
-- what is held.
local found = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
    local kind = string.sub(all[i], 1, 2)
    if kind == 's:' or kind == 'h:' then
        found[#found + 1] = all[i]
        found[#found + 1] = all[i + 1]
    end
end
return found
