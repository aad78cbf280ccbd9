-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Finds tasks that hold money though nobody renews them: what has been seen so for a third of a
-- lease. Answers each with for how long it has not been renewed.
local grace = lease / 3
local found = {}
pass()
local late = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', number(now + grace), 'WITHSCORES')
for i = 1, #late, 2 do
    local entry, score = entry_of(late[i]), tonumber(late[i + 1])
    if entry and entry[SEEN] == '0' then
        entry[SEEN] = number(now)
        put(late[i], entry)
    end
    if entry and score < 0 and tonumber(entry[SEEN]) + grace <= now then
        found[#found + 1] = late[i]
        found[#found + 1] = now + score + lease
    end
end
return found
