// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import io.lettuce.core.KeyValue;
import io.lettuce.core.ScriptOutputType;
import io.uplion.counters.floors.Floor;
import io.uplion.counters.floors.Floors;
import io.uplion.counters.floors.Kept;
import io.uplion.counters.floors.Reading;
import io.uplion.platform.identity.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// The floors of a platform of many processes. Redis need not be there when a process starts.
///
/// Everything about floors is one script, because each step of it begins by finding out whether the
/// store has begun anew.
public final class RedisFloors implements Floors {
    private static final String FLOORS = "uplion:floors";
    private static final String ORDER = "uplion:floors:order";
    private static final String VALUE = "uplion:kept:";
    private static final int WORDS_OF_HEAD = 3;

    private final RedisLink redis;

    private RedisFloors(RedisConfig config) {
        this.redis = new RedisLink(config);
    }

    public static RedisFloors at(RedisConfig config) {
        return new RedisFloors(config);
    }

    @Override
    public String incarnation() {
        return exchange(new Asked("", "", "", "0"), List.of()).getFirst();
    }

    @Override
    public void raise(Collection<Floor> floors) {
        if (!floors.isEmpty()) {
            exchange(new Asked("", "", "", "0"), floors);
        }
    }

    @Override
    public void vouch(String incarnation, Duration life) {
        exchange(new Asked("", "", incarnation, Long.toString(life.toMillis())), List.of());
    }

    @Override
    public Reading read(Reading.Mark since) {
        Asked asked = new Asked(since.incarnation(), Long.toString(since.number()), "", "0");
        List<String> answer = exchange(asked, List.of());
        List<Floor> floors = new ArrayList<>();
        Iterator<String> word = answer.listIterator(WORDS_OF_HEAD);
        while (word.hasNext()) {
            String subject = word.next();
            long version = Long.parseLong(word.next());
            boolean ended = word.next().equals("1");
            // One that only a later version of this program knows is nothing that is used here.
            Subject.parse(subject).ifPresent(known -> floors.add(new Floor(known, version, ended)));
        }
        Reading.Mark next = new Reading.Mark(answer.get(0), Long.parseLong(answer.get(1)));
        return new Reading(next, floors, answer.get(2).equals("1"));
    }

    /// @param number where reading goes on; nothing for no reading
    /// @param vouched incarnation of the store that somebody vouches for; nothing for none
    private record Asked(String incarnation, String number, String vouched, String millis) {}

    private List<String> exchange(Asked asked, Collection<Floor> raised) {
        List<String> words = new ArrayList<>();
        words.add(UUID.randomUUID().toString());
        words.add(asked.incarnation());
        words.add(asked.number());
        words.add(Long.toString(LIFE.toMillis()));
        words.add(asked.vouched());
        words.add(asked.millis());
        for (Floor floor : raised) {
            words.add(floor.subject().toString());
            words.add(Long.toString(floor.version()));
            words.add(floor.ended() ? "1" : "0");
        }
        return run(RedisScript.FLOORS, List.of(FLOORS, ORDER), words);
    }

    @Override
    public void keep(Collection<Kept> values) {
        if (values.isEmpty()) {
            return;
        }
        List<String> keys = new ArrayList<>();
        List<String> words = new ArrayList<>();
        words.add(Long.toString(KEPT.toMillis()));
        for (Kept value : values) {
            keys.add(VALUE + value.name());
            words.add(Long.toString(value.rank()));
            words.add(Long.toString(value.asOfMillis()));
            words.add(value.text());
        }
        run(RedisScript.KEEP, keys, words);
    }

    @Override
    public Map<String, String> kept(Set<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        String[] keys = names.stream().map(name -> VALUE + name).toArray(String[]::new);
        Map<String, String> found = new HashMap<>();
        for (KeyValue<String, String> value : redis.call(commands -> commands.mget(keys))) {
            if (value.hasValue()) {
                String[] words = value.getValue().split(" ", WORDS_OF_HEAD);
                found.put(value.getKey().substring(VALUE.length()), words[2]);
            }
        }
        return found;
    }

    private List<String> run(RedisScript script, List<String> keys, List<String> words) {
        String[] names = keys.toArray(String[]::new);
        String[] arguments = words.toArray(String[]::new);
        return redis.call(
                commands -> commands.eval(script.text(), ScriptOutputType.MULTI, names, arguments));
    }

    @Override
    public void close() {
        redis.close();
    }
}
