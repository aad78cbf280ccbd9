-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Takes a key that is free. ARGV: the print, the token, the lease.
-- Answers mine, running, other, or kept with the outcome.
if not state or state == TOLD or state == RUNNING and token == ARGV[2] then
    run(ARGV[1], ARGV[2], ARGV[3])
    return {'mine'}
elseif print ~= ARGV[1] then
    return {'other'}
elseif state == RUNNING then
    return {'running'}
end
return {'kept', outcome}
