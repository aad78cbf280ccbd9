-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Holds running tasks for another lease, and those again that the store has lost.
-- KEYS, after those: whether each task is over. ARGV, after that: of each task its id, how many
-- subjects it has, and their names. Answers which are over.
local over = {}
local word = 2
pass()
for i = 1, #KEYS - 2 do
    local task, subjects = ARGV[word], tonumber(ARGV[word + 1])
    if redis.call('EXISTS', KEYS[2 + i]) == 1 then
        over[#over + 1] = task
    else
        if not entry_of(task) then
            -- Its tokens are not charged: they were, and may have drained since.
            hold(task, {'0', number(now), unpack(ARGV, word + 2, word + 1 + subjects)})
        end
        renew(task)
    end
    word = word + 2 + subjects
end
keep()
return over
