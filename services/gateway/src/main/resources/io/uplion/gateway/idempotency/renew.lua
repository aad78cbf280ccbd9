-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Another lease, also where the store has forgotten who runs it. ARGV: the print, the token, the
-- lease.
if not state or state == RUNNING and token == ARGV[2] then
    run(ARGV[1], ARGV[2], ARGV[3])
end
return {}
