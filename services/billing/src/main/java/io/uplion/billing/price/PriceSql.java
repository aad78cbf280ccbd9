// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.price;

import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.price.PriceList.Dated;
import io.uplion.catalog.price.PriceList.Entry;
import io.uplion.catalog.price.PriceList.Of;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// The statements about prices.
final class PriceSql {

    private PriceSql() {}

    /// In the order in which they were decided.
    static List<Entry> all(Handle handle) {
        return handle.createQuery("SELECT kind, name, valid_from, price FROM prices ORDER BY id")
                .map((row, _) -> entry(row))
                .list();
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                Of.valueOf(row.getString("kind")),
                row.getString("name"),
                new Dated(
                        row.getObject("valid_from", OffsetDateTime.class).toInstant(),
                        price(row.getArray("price"))));
    }

    /// In the order of the ledger's tokens.
    private static Price price(Array array) throws SQLException {
        Long[] nanos = (Long[]) array.getArray();
        return new Price(nanos[0], nanos[1], nanos[3], nanos[4], nanos[2], nanos[5]);
    }

    static void insert(Handle handle, Entry entry) {
        // The database would round it up, into the future.
        Instant from = entry.dated().from().truncatedTo(ChronoUnit.MILLIS);
        Price price = entry.dated().price();
        List<Long> nanos =
                List.of(
                        price.inputNanos(),
                        price.cachedInputNanos(),
                        price.audioInputNanos(),
                        price.outputNanos(),
                        price.reasoningNanos(),
                        price.audioOutputNanos());
        handle.createUpdate(
                        """
                        INSERT INTO prices (kind, name, valid_from, price)
                        VALUES (:kind, :name, :from, :price)
                        """)
                .bind("kind", entry.of().name())
                .bind("name", entry.name())
                .bind("from", from.atOffset(ZoneOffset.UTC))
                .bindArray("price", Long.class, nanos)
                .execute();
    }
}
