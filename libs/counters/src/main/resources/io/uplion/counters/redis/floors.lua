-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Raises floors, takes somebody's word that all are here, and answers what is new: each of them may
-- be left out. KEYS: the floors; their order.
-- ARGV: the store's new incarnation, should it have begun anew; the reader's incarnation and number;
-- a floor's life in milliseconds; for which incarnation somebody vouches, and for how many
-- milliseconds; then subject, version and 1 for ended, in turns.
-- Answers with incarnation, number, 1 for vouched; then subject, version and ended, in turns.
--
-- A floor is held as: the millisecond at which it ends, its number, its version, ended.
local floors, order = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function held(subject)
    local text = redis.call('HGET', floors, subject)
    if not text then return nil end
    local ends, number, version, ended = string.match(text, '^(%d+) (%d+) (%d+) (%d)$')
    return {ends = tonumber(ends), version = version, ended = ended}
end

-- The two belong together: with a part of them lost, all of it is.
if redis.call('HEXISTS', floors, '@incarnation') == 0
        or redis.call('HLEN', floors) - 3 ~= redis.call('ZCARD', order) then
    redis.call('DEL', floors, order)
    redis.call('HSET', floors, '@incarnation', ARGV[1], '@number', '0', '@vouched', '0')
end

local ends = string.format('%.0f', now + tonumber(ARGV[4]))
for i = 7, #ARGV, 3 do
    local subject, version, ended = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    local before = held(subject)
    if not before or before.ends <= now or tonumber(before.version) < tonumber(version) then
        local number = redis.call('HINCRBY', floors, '@number', 1)
        redis.call('HSET', floors, subject,
            ends .. ' ' .. string.format('%.0f', number) .. ' ' .. version .. ' ' .. ended)
        redis.call('ZADD', order, number, subject)
    end
end
if #ARGV >= 7 then
    -- All live equally long, so those that were raised first end first.
    for _, subject in ipairs(redis.call('ZRANGE', order, 0, 99)) do
        if held(subject).ends > now then break end
        redis.call('HDEL', floors, subject)
        redis.call('ZREM', order, subject)
    end
end

local incarnation = redis.call('HGET', floors, '@incarnation')
if ARGV[5] == incarnation then
    redis.call('HSET', floors, '@vouched', string.format('%.0f', now + tonumber(ARGV[6])))
end
local vouched = tonumber(redis.call('HGET', floors, '@vouched')) > now
local answer = {incarnation, redis.call('HGET', floors, '@number'), vouched and '1' or '0'}
if ARGV[3] ~= '' then
    local since = ARGV[2] == incarnation and ARGV[3] or '0'
    for _, subject in ipairs(redis.call('ZRANGEBYSCORE', order, '(' .. since, '+inf')) do
        local floor = held(subject)
        if floor.ends > now then
            answer[#answer + 1] = subject
            answer[#answer + 1] = floor.version
            answer[#answer + 1] = floor.ended
        end
    end
end
return answer
