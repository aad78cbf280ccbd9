-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Holds running tasks for another lease, and those again that the store has lost.
-- KEYS, after those: whether each task is over. ARGV, after that: of each task its id, its
-- billionths, how many subjects it has, and of each its name and the period of its budget, or
-- nothing. Answers which are over.
local ended = {}
local word = 2
local time = 2 * lease
pass()
for i = 1, #KEYS - 2 do
    local task, nanos, words = ARGV[word], ARGV[word + 1], 2 * tonumber(ARGV[word + 2])
    local held = entry_of(task)
    if redis.call('EXISTS', KEYS[2 + i]) == 1 or held and held[STATE] == OWED then
        ended[#ended + 1] = task
    elseif held then
        renew(task, held)
        time = has_budget(held) and MONTHS or time
    else
        -- Its tokens are not charged: they were, and may have drained since.
        local entry = {HELD, '0', number(now), nanos, '0'}
        for j = 1, words do
            entry[#entry + 1] = ARGV[word + 2 + j]
        end
        hold(task, entry)
        time = has_budget(entry) and MONTHS or time
    end
    word = word + 3 + words
end
keep(time)
return ended
