-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- What all scripts of reservations begin with; DESIGN.md says what stands where.
-- KEYS[1]: the tasks of the account. KEYS[2]: the ends of their leases. ARGV[1]: a lease.
local TOKEN = 60000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = tonumber(ARGV[1])

-- An entry is lines: tokens charged, when, and the subjects.
local SUBJECTS = 3

local function number(value)
    return string.format('%.0f', value)
end

local function lines(text)
    local found = {}
    for line in string.gmatch(text, '([^\n]*)\n') do
        found[#found + 1] = line
    end
    return found
end

local function count(entry, by)
    for i = SUBJECTS, #entry do
        if redis.call('HINCRBY', KEYS[1], 'n:' .. entry[i], by) <= 0 then
            redis.call('HDEL', KEYS[1], 'n:' .. entry[i])
        end
    end
end

local function entry_of(task)
    local text = redis.call('HGET', KEYS[1], 't:' .. task)
    return text and lines(text)
end

local function hold(task, entry)
    count(entry, 1)
    redis.call('HSET', KEYS[1], 't:' .. task, table.concat(entry, '\n') .. '\n')
end

local function renew(task)
    redis.call('ZADD', KEYS[2], number(now + lease), task)
end

local function free(task, entry)
    count(entry, -1)
    redis.call('HDEL', KEYS[1], 't:' .. task)
    redis.call('ZREM', KEYS[2], task)
end

-- Frees what has not been renewed; of very many some later.
local function pass()
    local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', number(now), 'LIMIT', 0, 1000)
    for _, task in ipairs(due) do
        free(task, entry_of(task))
    end
end

local function keep()
    redis.call('PEXPIRE', KEYS[1], 2 * lease)
    redis.call('PEXPIRE', KEYS[2], 2 * lease)
end

-- What is in a bucket of tokens now, and when it was last known to be empty.
local function drained(key, rate)
    local text = redis.call('GET', key)
    if not text then
        return 0, now
    end
    local held = lines(text)
    local units = tonumber(held[1]) - math.max(0, now - tonumber(held[2])) * rate
    if units <= 0 then
        return 0, now
    end
    return units, tonumber(held[3])
end

local function fill(key, rate, units, since)
    if units <= 0 then
        redis.call('DEL', key)
    else
        local text = number(units) .. '\n' .. number(now) .. '\n' .. number(since) .. '\n'
        redis.call('SET', key, text, 'PX', number(math.ceil(units / rate)))
    end
end
