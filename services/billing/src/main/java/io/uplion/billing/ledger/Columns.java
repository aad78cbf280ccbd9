// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import java.util.Arrays;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;

/// Rows as an array for each column, for `unnest`. Numbers and texts go as they are kept in memory;
/// as lists they would be written out and read again.
record Columns<T, S extends SqlStatement<S>>(S statement, Collection<T> rows) {

    Columns<T, S> numbers(String name, ToLongFunction<T> value) {
        return numbers(name, rows.stream().mapToLong(value).toArray());
    }

    /// Those of all rows, one after the other.
    Columns<T, S> flat(String name, Function<T, long[]> values) {
        return numbers(name, rows.stream().map(values).flatMapToLong(Arrays::stream).toArray());
    }

    Columns<T, S> texts(String name, Function<T, String> value) {
        return array(name, "text", rows.stream().map(value).toArray());
    }

    Columns<T, S> ids(String name, Function<T, UUID> value) {
        return array(name, "uuid", rows.stream().map(value).toArray());
    }

    private Columns<T, S> numbers(String name, long[] values) {
        return bind(name, (position, prepared, _) -> prepared.setObject(position, values));
    }

    private Columns<T, S> array(String name, String type, Object[] values) {
        return bind(
                name,
                (position, prepared, _) ->
                        prepared.setArray(
                                position, prepared.getConnection().createArrayOf(type, values)));
    }

    private Columns<T, S> bind(String name, Argument argument) {
        statement.bind(name, argument);
        return this;
    }
}
