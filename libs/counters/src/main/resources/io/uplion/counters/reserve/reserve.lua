-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Holds what a task asks for, for all its subjects or for none.
-- KEYS, after those: whether the task is over; of each subject its tokens. ARGV, after that: the
-- task, its tokens; of each subject its name, its tokens a minute and its tasks at once, or 0.
-- Answers 0 (held), 1 (refused) or 2 (over); which subject, counted from 1; the limit; for how
-- long; then of each subject how many tokens remain, and when all are there.
local SOON = 1000
local task, tokens = ARGV[2], tonumber(ARGV[3])
local answer = {0, 0, '', 0}
local entry = {ARGV[3], number(now)}
local units, since = {}, {}

local function refuse(subject, limit, wait)
    if wait > answer[4] then
        answer[1], answer[2], answer[3], answer[4] = 1, subject, limit, wait
    end
end

if redis.call('EXISTS', KEYS[3]) == 1 then
    return {2}
end
pass()
local held = redis.call('HEXISTS', KEYS[1], 't:' .. task) == 1
for i = 1, #KEYS - 3 do
    local name, rate, most = ARGV[3 * i + 1], tonumber(ARGV[3 * i + 2]), tonumber(ARGV[3 * i + 3])
    entry[SUBJECTS + i - 1] = name
    if not held and most > 0 then
        if tonumber(redis.call('HGET', KEYS[1], 'n:' .. name) or 0) >= most then
            refuse(i, 'CONCURRENCY', SOON)
        end
    end
    if rate > 0 then
        units[i], since[i] = drained(KEYS[3 + i], rate)
        local over = units[i] - (rate - tokens) * TOKEN
        if not held and over > 0 then
            refuse(i, 'TOKENS', math.ceil(over / rate))
        end
    end
end
local taken = not held and answer[1] == 0
for i = 1, #KEYS - 3 do
    local rate, remaining, reset = tonumber(ARGV[3 * i + 2]), 0, 0
    if rate > 0 then
        if taken then
            units[i] = units[i] + tokens * TOKEN
            fill(KEYS[3 + i], rate, units[i], since[i])
        end
        remaining = math.max(0, math.floor((rate * TOKEN - units[i]) / TOKEN))
        reset = math.ceil(units[i] / rate)
    end
    answer[3 + 2 * i], answer[4 + 2 * i] = remaining, reset
end
if taken then
    hold(task, entry)
    renew(task)
    keep()
end
return answer
