// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.util.Set;
import java.util.regex.Pattern;

/// What writing to the database looks like.
final class SqlWrites {
    /// Whoever writes through Jdbi calls one of these.
    private static final Set<String> JDBI =
            Set.of("createUpdate", "createBatch", "createCall", "createScript", "prepareBatch");

    private static final Set<String> JDBC =
            Set.of("executeUpdate", "executeLargeUpdate", "executeBatch");

    /// A statement in the source.
    static final Pattern STATEMENT =
            Pattern.compile(
                    "\\b(INSERT\\s+INTO|UPDATE\\s+\\w+\\s+SET|DELETE\\s+FROM|TRUNCATE\\s+TABLE)\\b",
                    Pattern.CASE_INSENSITIVE);

    static final DescribedPredicate<JavaMethodCall> CALL =
            DescribedPredicate.describe("it writes to the database", SqlWrites::writes);

    private SqlWrites() {}

    private static boolean writes(JavaMethodCall call) {
        var owner = call.getTargetOwner().getPackageName();
        var method = call.getTarget().getName();
        return owner.startsWith("org.jdbi") && (JDBI.contains(method) || isDirect(call))
                || owner.startsWith("java.sql") && JDBC.contains(method);
    }

    /// `Handle.execute(sql)`.
    private static boolean isDirect(JavaMethodCall call) {
        return call.getTarget().getName().equals("execute")
                && call.getTargetOwner().getSimpleName().equals("Handle");
    }
}
