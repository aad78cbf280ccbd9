-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- How it stands with what somebody runs. ARGV: the print.
-- Answers gone, running, or ended with the outcome.
if not state or print ~= ARGV[1] then
    return {'gone'}
elseif state == RUNNING then
    return {'running'}
end
return {'ended', outcome}
