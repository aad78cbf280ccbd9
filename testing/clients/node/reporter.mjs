// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
// One line of JSON for each case.
function words(error) {
    return String(error?.cause?.stack ?? error?.cause ?? error?.stack ?? error);
}

export default async function* lines(events) {
    for await (const { type, data } of events) {
        const isCase = type === "test:pass" || type === "test:fail";
        if (!isCase || data.details?.type === "suite") {
            continue;
        }
        const skipped = data.skip !== undefined;
        const outcome = skipped ? "skipped" : type === "test:pass" ? "passed" : "failed";
        const message = skipped ? String(data.skip) : words(data.details?.error);
        yield JSON.stringify({
            name: data.name,
            outcome,
            message: outcome === "passed" ? "" : message,
        }) + "\n";
    }
}
