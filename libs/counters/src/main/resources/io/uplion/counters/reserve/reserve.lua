-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Holds what a task asks for, for all its subjects or for none.
-- KEYS, after those: whether the task is over; of each subject its tokens. ARGV, after that: the
-- task, its tokens, its billionths; of each subject its name, its tokens a minute and its tasks at
-- once, or 0, the period of its budget, or nothing, and the budget.
-- Answers 0 (held), 1 (refused), 2 (over) or 3 (not open); which subject, counted from 1; the
-- limit; for how long, or -1; then of each subject how many tokens remain, when all are there, and
-- 1 where its budget is not open.
local SOON, NEVER, BILLION = 1000, math.huge, 1000000000
local task, tokens, nanos = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local answer, longest = {0, 0, '', 0}, 0
local entry = {HELD, ARGV[3], number(now), nanos, '0'}
local units, since = {}, {}

local function refuse(subject, limit, wait)
    if wait > longest then
        longest = wait
        answer[1], answer[2], answer[3] = 1, subject, limit
        answer[4] = wait == NEVER and -1 or wait
    end
end

-- Whether amounts in decimals make no more than a limit: by billions and the rest, because whole
-- numbers of Lua end at 2^53.
local function fits(amounts, limit)
    local function parts(text)
        if #text < 10 then
            return 0, tonumber(text)
        end
        return tonumber(string.sub(text, 1, -10)), tonumber(string.sub(text, -9))
    end
    local billions, rest = 0, 0
    for _, amount in ipairs(amounts) do
        local more, over_it = parts(amount)
        billions, rest = billions + more, rest + over_it
    end
    billions, rest = billions + math.floor(rest / BILLION), rest % BILLION
    local most, most_rest = parts(limit)
    return billions < most or billions == most and rest <= most_rest
end

if redis.call('EXISTS', KEYS[3]) == 1 then
    return {2}
end
pass()
local held = entry_of(task)
if held and held[STATE] == OWED then
    return {2}
end
local subjects = #KEYS - 3
for i = 1, subjects do
    local at = 5 * i
    local name, rate, most = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
    local period, budget = ARGV[at + 3], ARGV[at + 4]
    entry[SUBJECTS + 2 * i - 2], entry[SUBJECTS + 2 * i - 1] = name, period
    answer[4 + 3 * i] = 0
    if most > 0 and tonumber(redis.call('HGET', KEYS[1], 'n:' .. name) or 0) >= most then
        refuse(i, 'CONCURRENCY', SOON)
    end
    if rate > 0 then
        units[i], since[i] = drained(KEYS[3 + i], rate)
        local excess = units[i] - (rate - tokens) * TOKEN
        if excess > 0 then
            refuse(i, 'TOKENS', math.ceil(excess / rate))
        end
    end
    if period ~= '' then
        local counter = name .. '\n' .. period
        local spent = redis.call('HGET', KEYS[1], 's:' .. counter)
        if not spent then
            answer[4 + 3 * i] = 1
        else
            spent = lines(spent)[1]
            local taken = redis.call('HGET', KEYS[1], 'h:' .. counter) or '0'
            if not fits({spent, nanos}, budget) then
                refuse(i, 'BUDGET', NEVER)
            elseif not fits({spent, nanos, taken}, budget) then
                refuse(i, 'BUDGET', SOON)
            end
        end
    end
end
if held then
    answer[1] = 0
end
for i = 1, subjects do
    if not held and answer[1] == 0 and answer[4 + 3 * i] == 1 then
        answer[1] = 3
    end
end
local taken = not held and answer[1] == 0
for i = 1, subjects do
    local rate, remaining, reset = tonumber(ARGV[5 * i + 1]), 0, 0
    if rate > 0 then
        if taken then
            units[i] = units[i] + tokens * TOKEN
            fill(KEYS[3 + i], rate, units[i], since[i])
        end
        remaining = math.max(0, math.floor((rate * TOKEN - units[i]) / TOKEN))
        reset = math.ceil(units[i] / rate)
    end
    answer[2 + 3 * i], answer[3 + 3 * i] = remaining, reset
end
if held then
    renew(task, held)
elseif taken then
    hold(task, entry)
end
keep(has_budget(entry) and MONTHS or 2 * lease)
return answer
