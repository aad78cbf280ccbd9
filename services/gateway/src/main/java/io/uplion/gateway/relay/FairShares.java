// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Fair shares of a model between keys. A queue is first come, first served: whoever comes behind a
/// key with five hundred tasks would wait for them all. So a key may publish only a few tasks ahead
/// of the workers, and the rest of its tasks wait here.
///
/// How few follows the workers: twice what runs of the model now, and never less than four. That is
/// enough to keep every slot busy, and the number doubles with every round while slots are free, as
/// long as there are tasks. See docs/decisions/0009.
///
/// Safe for all event loops. What may be published is called without a lock.
final class FairShares {
    private static final int LEAST = 4;

    /// Keys that are looked at when the window grows; the others have their turn at the next event.
    private static final int KEYS_A_TURN = 8;

    private final Map<String, Model> models = new ConcurrentHashMap<>();

    /// @param owner whose share the task counts for
    /// @param publish called when its turn comes, on any thread
    Share of(String model, UUID owner, Runnable publish) {
        return new Share(models.computeIfAbsent(model, _ -> new Model()), owner, publish);
    }

    /// Tasks of the model that wait here and not in the queue.
    int held(String model) {
        Model known = models.get(model);
        return known == null ? 0 : known.heldNow();
    }

    /// Tasks of one owner that wait for the model, in the queue or here.
    int waiting(String model, UUID owner) {
        Model known = models.get(model);
        return known == null ? 0 : known.waiting(owner);
    }

    /// Every model that holds something back.
    Map<String, Integer> held() {
        Map<String, Integer> held = new ConcurrentHashMap<>();
        models.forEach((name, model) -> held.put(name, model.heldNow()));
        held.values().removeIf(count -> count == 0);
        return held;
    }

    private enum State {
        HELD,
        PUBLISHED,
        RUNNING,
        ENDED
    }

    /// One task's part in it.
    static final class Share {
        private final Model model;
        private final UUID owner;
        private final Runnable publish;
        private State state = State.ENDED;

        private Share(Model model, UUID owner, Runnable publish) {
            this.model = model;
            this.owner = owner;
            this.publish = publish;
        }

        /// @return whether to publish the task now; else that is told when its turn comes
        boolean enter() {
            return model.enter(this);
        }

        /// A worker runs it.
        void granted() {
            model.change(this, State.RUNNING);
        }

        /// It is in the queue again.
        void waitsAgain() {
            model.change(this, State.PUBLISHED);
        }

        void end() {
            model.change(this, State.ENDED);
        }

        boolean isHeld() {
            return model.isHeld(this);
        }

        /// How many tasks of the same owner are held back before it; nothing where it is not held.
        OptionalInt heldBefore() {
            return model.heldBefore(this);
        }
    }

    /// @see #LEAST
    private static final class Model {
        private final Map<UUID, Owner> owners = new ConcurrentHashMap<>();
        private final SequencedSet<Owner> holding = new LinkedHashSet<>();
        private int running;
        private int held;

        private static final class Owner {
            private final SequencedSet<Share> held = new LinkedHashSet<>();
            private int published;
        }

        private synchronized int waiting(UUID owner) {
            Owner known = owners.get(owner);
            return known == null ? 0 : known.held.size() + known.published;
        }

        private int window() {
            return Math.max(LEAST, 2 * running);
        }

        /// @return whether to publish it now
        private synchronized boolean enter(Share share) {
            Owner owner = owners.computeIfAbsent(share.owner, _ -> new Owner());
            if (owner.held.isEmpty() && owner.published < window()) {
                owner.published++;
                share.state = State.PUBLISHED;
                return true;
            }
            share.state = State.HELD;
            owner.held.addLast(share);
            holding.addLast(owner);
            held++;
            return false;
        }

        private void change(Share share, State next) {
            List<Share> released;
            synchronized (this) {
                if (share.state == next || share.state == State.ENDED) {
                    return;
                }
                Owner owner = owners.computeIfAbsent(share.owner, _ -> new Owner());
                leave(share, owner);
                arrive(share, owner, next);
                released = release(owner);
                if (owner.published == 0 && owner.held.isEmpty()) {
                    owners.remove(share.owner);
                }
            }
            released.forEach(turn -> turn.publish.run());
        }

        private void leave(Share share, Owner owner) {
            switch (share.state) {
                case HELD -> {
                    owner.held.remove(share);
                    held--;
                }
                case PUBLISHED -> owner.published--;
                case RUNNING -> running--;
                case ENDED -> throw new IllegalStateException("an ended share");
            }
        }

        private void arrive(Share share, Owner owner, State next) {
            share.state = next;
            switch (next) {
                case PUBLISHED -> owner.published++;
                case RUNNING -> running++;
                case HELD, ENDED -> {
                    // Nothing is counted.
                }
            }
        }

        /// First the owner of what has changed, then some others in turn: the window may have
        /// grown.
        private List<Share> release(Owner first) {
            if (holding.isEmpty()) {
                return List.of();
            }
            List<Share> released = new ArrayList<>();
            release(first, released);
            for (int i = Math.min(KEYS_A_TURN, holding.size()); i > 0; i--) {
                Owner next = holding.removeFirst();
                holding.addLast(next);
                release(next, released);
            }
            holding.removeIf(owner -> owner.held.isEmpty());
            return released;
        }

        private void release(Owner owner, List<Share> released) {
            while (owner.published < window() && !owner.held.isEmpty()) {
                Share next = owner.held.removeFirst();
                held--;
                owner.published++;
                next.state = State.PUBLISHED;
                released.add(next);
            }
        }

        private synchronized int heldNow() {
            return held;
        }

        private synchronized boolean isHeld(Share share) {
            return share.state == State.HELD;
        }

        private synchronized OptionalInt heldBefore(Share share) {
            if (share.state != State.HELD) {
                return OptionalInt.empty();
            }
            Owner owner = owners.get(share.owner);
            int before = 0;
            Iterator<Share> all =
                    owner == null ? List.<Share>of().iterator() : owner.held.iterator();
            while (all.hasNext()) {
                if (all.next() == share) {
                    return OptionalInt.of(before);
                }
                before++;
            }
            return OptionalInt.empty();
        }
    }
}
