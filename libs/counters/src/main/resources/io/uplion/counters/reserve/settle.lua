-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Frees what a task holds, and counts the tokens it has used in place of those it asked for.
-- KEYS, after those: whether the task is over; of each subject its tokens. ARGV, after that: the
-- task, the tokens it used; of each subject its tokens a minute, or 0.
local task, used = ARGV[2], tonumber(ARGV[3])
if redis.call('EXISTS', KEYS[3]) == 1 then
    return {}
end
pass()
local charged, at = 0, now
local entry = entry_of(task)
if entry then
    charged, at = tonumber(entry[1]), tonumber(entry[2])
    free(task, entry)
end
for i = 1, #KEYS - 3 do
    local rate = tonumber(ARGV[3 + i])
    if rate > 0 then
        local units, since = drained(KEYS[3 + i], rate)
        -- After the bucket was empty once, nothing in it is of this task.
        if used > charged or since <= at then
            fill(KEYS[3 + i], rate, units + (used - charged) * TOKEN, since)
        end
    end
end
redis.call('SET', KEYS[3], '', 'PX', 2 * lease)
return {}
