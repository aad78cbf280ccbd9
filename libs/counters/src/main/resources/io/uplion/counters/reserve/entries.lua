-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- What all scripts of reservations begin with; DESIGN.md says what stands where.
-- KEYS[1]: the tasks of the account. KEYS[2]: the ends of their leases. ARGV[1]: a lease.
local TOKEN = 60000
local MONTHS = 40 * 24 * 3600 * 1000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = tonumber(ARGV[1])

-- An entry is lines: its state; tokens charged, and when; billionths; when billing first saw that
-- nobody renews it, or 0; then of each subject its name and the period of its budget, or nothing.
local STATE, CHARGED, AT, NANOS, SEEN, SUBJECTS = 1, 2, 3, 4, 5, 6
local HELD, LAPSED, OWED = 'held', 'lapsed', 'owed'

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

local function has_budget(entry)
    for i = SUBJECTS + 1, #entry, 2 do
        if entry[i] ~= '' then
            return true
        end
    end
    return false
end

local function add(field, by)
    if redis.call('HINCRBY', KEYS[1], field, by) == 0 then
        redis.call('HDEL', KEYS[1], field)
    end
end

local function count(entry, by)
    for i = SUBJECTS, #entry, 2 do
        add('n:' .. entry[i], by)
    end
end

-- Redis adds, and not Lua: whole numbers of Lua end at 2^53.
local function money(entry, sign, nanos)
    if nanos ~= '0' then
        for i = SUBJECTS, #entry, 2 do
            if entry[i + 1] ~= '' then
                add('h:' .. entry[i] .. '\n' .. entry[i + 1], sign .. nanos)
            end
        end
    end
end

local function is_open(entry)
    for i = SUBJECTS, #entry, 2 do
        local field = 's:' .. entry[i] .. '\n' .. entry[i + 1]
        if entry[i + 1] ~= '' and redis.call('HEXISTS', KEYS[1], field) == 1 then
            return true
        end
    end
    return false
end

local function entry_of(task)
    local text = redis.call('HGET', KEYS[1], 't:' .. task)
    return text and lines(text)
end

local function put(task, entry)
    redis.call('HSET', KEYS[1], 't:' .. task, table.concat(entry, '\n') .. '\n')
end

local function hold(task, entry)
    count(entry, 1)
    money(entry, '', entry[NANOS])
    put(task, entry)
    redis.call('ZADD', KEYS[2], number(now + lease), task)
end

-- Holds a task of which there is an entry for another lease.
local function renew(task, entry)
    if entry[STATE] == LAPSED then
        count(entry, 1)
    end
    if entry[STATE] == LAPSED or entry[SEEN] ~= '0' then
        entry[STATE], entry[SEEN] = HELD, '0'
        put(task, entry)
    end
    redis.call('ZADD', KEYS[2], number(now + lease), task)
end

local function free(task, entry)
    if entry[STATE] == HELD then
        count(entry, -1)
    end
    money(entry, '-', entry[NANOS])
    redis.call('HDEL', KEYS[1], 't:' .. task)
    redis.call('ZREM', KEYS[2], task)
end

-- Frees what has not been renewed, but for money; of very many some later. What holds money stays
-- among the leases, with its end below nothing.
local function pass()
    local due =
        redis.call('ZRANGEBYSCORE', KEYS[2], 0, number(now), 'WITHSCORES', 'LIMIT', 0, 1000)
    for i = 1, #due, 2 do
        local entry = entry_of(due[i])
        if not entry then -- Redis has thrown the entries away, and not the leases
            redis.call('ZREM', KEYS[2], due[i])
        elseif has_budget(entry) then
            count(entry, -1)
            entry[STATE] = LAPSED
            put(due[i], entry)
            redis.call('ZADD', KEYS[2], '-' .. due[i + 1], due[i])
        else
            free(due[i], entry)
        end
    end
end

-- The keys go when nobody has touched them for long enough; both at once.
local function keep(time)
    if redis.call('PTTL', KEYS[1]) < time or redis.call('PTTL', KEYS[2]) < time then
        redis.call('PEXPIRE', KEYS[1], number(time + lease))
        redis.call('PEXPIRE', KEYS[2], number(time + lease))
    end
end

local function over(key, text)
    redis.call('SET', key, text, 'PX', number(2 * lease))
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
