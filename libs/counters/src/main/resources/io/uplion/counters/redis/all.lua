-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- The fields of a table that have not ended, field and value in turns; drops those that have.
-- KEYS: the table.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored = redis.call('HGETALL', KEYS[1])
local seen = {}
for i = 1, #stored, 2 do
    local space = string.find(stored[i + 1], ' ', 1, true)
    if tonumber(string.sub(stored[i + 1], 1, space - 1)) > now then
        seen[#seen + 1] = stored[i]
        seen[#seen + 1] = string.sub(stored[i + 1], space + 1)
    else
        redis.call('HDEL', KEYS[1], stored[i])
    end
end
return seen
