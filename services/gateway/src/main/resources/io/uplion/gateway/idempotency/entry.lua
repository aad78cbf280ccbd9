-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- What all scripts of idempotency keys begin with. KEYS[1]: the entry of a name. It is a hash:
-- its state; the print of the body; the token of who runs or ran it; the packed outcome, once it
-- has one. It goes when the lease lapses, or when the outcome has been kept for long enough.
local RUNNING, KEPT, TOLD = 'running', 'kept', 'told'

local entry = redis.call('HMGET', KEYS[1], 'state', 'print', 'token', 'outcome')
local state, print, token, outcome = entry[1], entry[2], entry[3], entry[4]

local function put(fields, millis)
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], unpack(fields))
    redis.call('PEXPIRE', KEYS[1], millis)
end

local function run(by_print, by_token, millis)
    put({'state', RUNNING, 'print', by_print, 'token', by_token}, millis)
end
