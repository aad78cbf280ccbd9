-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Which store this is. KEYS[1]: where that stands. ARGV[1]: what a store that does not know is
-- told.
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return {redis.call('GET', KEYS[1])}
