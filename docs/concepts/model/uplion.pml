// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
//
// The life of a request, from reserve to ack, while everything that can die dies. README.md beside
// this file says what is modelled, what is left out, and how to run it.
//
// One proctype is one actor. What an actor knows stands in global arrays, so that its death is one
// step that forgets them. One atomic step is what an event loop, a script of the counters' store or
// a transaction of the database does without being interrupted; between two steps anything happens.
//
// PATIENT: no client leaves, none runs out of patience. LIVENESS: with the formulas at the end.
// MUTATION_…: one rule is broken, and the checker must find what it was good for.

#ifndef TASKS
#define TASKS 2 /* or 1 */
#endif
#ifndef FAULTS
#define FAULTS 1 /* of all kinds together */
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 2 /* grants of one task; the platform's default is 3 */
#endif
#ifndef BUDGET
#define BUDGET 1 /* a task reserves 1 and costs 1 at most */
#endif
#define WORKERS 2 /* of one slot each */

// Over all tasks.
#if TASKS == 2
#define sum(x) ((x(0)) + (x(1)))
#define any(x) (x(0) || x(1))
#define each(x) (x(0) && x(1))
#define forEach(x) x(0); x(1)
#else
#define sum(x) (x(0))
#define any(x) (x(0))
#define each(x) (x(0))
#define forEach(x) x(0)
#endif

// The kinds of faults; with a sum of some of them for KINDS the search can go deeper there.
#define GATEWAY_DIES    1
#define WORKER_DIES     2
#define STREAM_BREAKS   4
#define BROKER_DIES     8   /* or takes a consumer for lost that works */
#define BROKER_IS_SLOW  16  /* it has taken what was published, or not: nobody knows */
#define BILLING_DIES    32  /* or is taken for dead, and writes later */
#define COUNTERS_DIE    64  /* with all they know */
#define GATEWAY_FREEZES 128 /* for longer than a lease lives */
#ifndef KINDS
#define KINDS 255
#endif
byte faults = FAULTS;
#define may(kind) (faults > 0 && (KINDS & kind))

// ------------------------------------------------------------------------------- the promises
// Each is true until it is found broken; the checker then stops at its name.
bool NoDoubleBill = true;           // a task has one row in the ledger at most
bool NoOvershoot = true;            // settled and reserved fit into the budget, by the ledger and
                                    // by the counters, which never know of less than the ledger
bool OneVoice = true;               // an answer has frames of one attempt only
bool OneTerminalState = true;       // a client hears one last word
bool CompleteImpliesDurable = true; // who saw the whole answer has a durable usage record
bool CommittedIsAccounted = true;   // at rest a begun answer has a row, unless its gateway died too
bool HeardIsAccounted = true;       // and what a client has heard of, whose worker lives
bool CompleteIsPaid = true;         // and it is charged, unless its lease was lost: see isPaid
bool AttemptsAreBounded = true;     // a task is granted ATTEMPTS times at most
bool AckedImpliesDone = true;       // a task is acked only when nobody needs it any more
bool EveryRequestTerminates = true; // at rest no client waits
bool NoOrphanGrant = true;          // at rest no worker works
bool NothingIsLeft = true;          // at rest no task is in the queue
bool ReservationFreed = true;       // at rest nothing is reserved
bool NoFalseRefusal = true;         // at rest the counters show what was billed, and no more
bool BrokenIsFree = true;           // NOT promised, see README.md: only with CHECK_BROKEN_IS_FREE

#define require(name, condition) if :: condition :: else -> name = false; assert(name) fi

// ------------------------------------------------------------- what the gateway and clients know
// OWES_…: the client has had its last word, but something is left to be done.
// GONE: the gateway knows nothing of it any more, by its end or by the gateway's death.
#define NEW          0
#define RESERVED     1
#define WAITING      2
#define GRANTED      3
#define COMMITTED    4
#define OWES_REPORT  5
#define OWES_CHARGE  6
#define OWES_RELEASE 7
#define GONE         8
byte gateway[TASKS];
byte grantee[TASKS];      // the worker that has the grant
byte attempt[TASKS];      // the number of the last grant
#define isOpen(t) (gateway[t] >= RESERVED && gateway[t] <= COMMITTED)
#define isOver(t) (gateway[t] >= OWES_REPORT)

// The client's last word, which outlives the gateway.
#define NOTHING   0
#define COMPLETE  1 /* the whole answer */
#define ERROR     2 /* an error in words: ours, or the provider's own 4xx */
#define BROKEN    3 /* an error event and a reset, or the dead gateway's broken connection */
#define CANCELLED 4 /* it left */
byte heard[TASKS];
byte voice[TASKS];        // the attempt whose frames it heard; 0: none yet
bool begun[TASKS];        // its gateway committed an attempt and did not die
bool told[TASKS];         // its client has heard something that no row stands for yet
bool excused[TASKS];      // it has its row, is the client's own error, or whoever had the claim
                          // could not report

// Nobody owes a row any more for what the client has heard or will hear.
inline excuse(t) {
    told[t] = false;
    excused[t] = true
}

inline tell(t, word) {
    require(OneTerminalState, heard[t] == NOTHING);
    heard[t] = word
}

// ----------------------------------------------------------------------- what the workers know
#define IDLE       0
#define RUNNING    1 /* has a grant and calls the backend */
#define FAILED     2 /* before its first frame, has said so, and waits for the verdict */
#define SENT       3 /* has said its first frame, and waits for its claim */
#define CLAIMED    4 /* committed: there is somebody to account to */
#define STREAMED   5 /* and has sent a later frame */
#define REPORTING  6 /* knows how it ended; the usage is not durable yet */
#define DURABLE    7 /* now it is */
#define TOLD       8 /* has said its last word, if there was somebody to say it to */
byte worker[WORKERS];
byte job[WORKERS];        // its task
byte number[WORKERS];     // of its attempt
byte outcome[WORKERS];    // COMPLETE, BROKEN, CANCELLED, or ERROR: the client's own, uses nothing
bool joined[WORKERS];     // the reply stream stands

// The reply streams. What is on its way keeps its task and attempt; a cut loses it. A worker waits
// while two of its messages are on their way.
mtype = { frame, accounts, more, whole, failed, committed, later, done, cancel };
chan up[WORKERS] = [2] of { mtype, byte, byte, byte };   // what, task, attempt, outcome
chan down[WORKERS] = [3] of { mtype };

// ----------------------------------------------------------------------- what the broker keeps
#define UNKNOWN 0
#define ACKED   1
#define READY   2
#define OUT     3 /* OUT + w: delivered to worker w, not acked */
byte queued[TASKS];
#ifdef MUTATION_COUNT_BY_BROKER
byte deliveries[TASKS];   // in the broker's memory
#define tries(t) deliveries[t]
#else
#define tries(t) attempt[t]
#endif

// Usage records, durable: one a worker and one the gateway can write. 0: none; an outcome: not yet
// acked by billing.
#define CONSUMED 9
#define GATEWAYS 2 /* the gateway's own record; before it the workers' */
#define SOURCES  3
byte record[TASKS * SOURCES];
#define of(t, source) record[(t) * SOURCES + (source)]
#define isPending(r) (r != 0 && r != CONSUMED)
#define isDurable(t) (of(t, 0) != 0 || of(t, 1) != 0 || of(t, 2) != 0)
#define hasUsage(t) (isPending(of(t, 0)) || isPending(of(t, 1)) || isPending(of(t, 2)))

// ---------------------------------------------------- what billing's database and counters keep
byte rows[TASKS];         // of the ledger
byte charged[TASKS];
#define FREE   0 /* no entry */
#define LEASE  1 /* reserved; must be renewed */
#define CHARGE 2 /* an unbilled charge: never expires */
byte entry[TASKS];
bool lapsed[TASKS];       // not renewed for too long
bool awaited[TASKS];      // when it lapsed, billing had not consumed all usage
byte astray[TASKS];       // whether its lease was lost, and how
#define EXPIRED 1
#define FROZEN  2
byte spent;               // absolute, as billing last wrote it
byte version;             // of the ledger at that time
#define OPEN    0
#define BLANK   1         /* they have died: nobody knows what is left */
#define FILLING 2         /* what is spent is known again, and leases come back */
byte counters;
bool marked[TASKS];       // while they fill: the ledger has its row
bool died;

#define hasNoUsage(t) (!hasUsage(t))
#define isRoom (spent + sum(heldOf) + 1 <= BUDGET)
#define rowsOf(t) rows[t]
#define chargeOf(t) charged[t]
#define heldOf(t) (entry[t] != FREE)
#define unsettledOf(t) (entry[t] != FREE && rows[t] == 0)

// What the billing process remembers: a step, the record it has in hand, what is held for it.
#define PINNED  1
#define SETTLED 2
#define APPLIED 3
byte billing;
byte billed;              // the record's place
byte held;

// A write of a billing process that was taken for dead, still on its way to the counters.
bool zombie;
byte zombieSpent;
byte zombieVersion;

#define holds(t) (gateway[t] >= RESERVED && gateway[t] < GONE)
#ifdef MUTATION_REBUILD_IGNORES_ROWS
#define isMarked(t) false
#else
#define isMarked(t) marked[t]
#endif
#ifdef MUTATION_REBUILD_IGNORES_BUDGET
#define mayComeBack(t) (counters == FILLING && holds(t) && entry[t] == FREE && !isMarked(t))
#else
#define mayComeBack(t) (counters == FILLING && holds(t) && entry[t] == FREE && !isMarked(t) \
    && isRoom)
#endif

// ------------------------------------------------------------------------------- reply streams
// To one attempt of one worker; nobody hears it if the worker has moved on.
inline say(w, t, a, word) {
    if
    :: worker[w] != IDLE && joined[w] && job[w] == t && number[w] == a && len(down[w]) < 3 ->
        down[w]!word
    :: else
    fi
}

inline cut(w) {
    do :: len(up[w]) > 0 -> up[w]?_,_,_,_ :: else -> break od;
    do :: len(down[w]) > 0 -> down[w]?_ :: else -> break od;
    joined[w] = false
}

// The stream of the live grant is gone, and nothing that was said on it is still on its way.
#define isLost(t) ((gateway[t] == GRANTED || gateway[t] == COMMITTED) \
    && len(up[grantee[t]]) == 0 && !(worker[grantee[t]] != IDLE && joined[grantee[t]] \
    && job[grantee[t]] == t && number[grantee[t]] == attempt[t]))

// --------------------------------------------------------------------------------- the gateway
inline forget(t) {
    gateway[t] = GONE;
#ifndef CHECK_BROKEN_IS_FREE
    // From here on it matters only whether the answer was whole.
    if :: heard[t] > ERROR -> heard[t] = ERROR :: else fi;
#endif
    grantee[t] = 0;
    attempt[t] = 0;
    voice[t] = 0
}

inline reserve(t) {
    entry[t] = LEASE;
    gateway[t] = RESERVED
}

inline publish(t) {
    queued[t] = READY;
    gateway[t] = WAITING
}

inline grant(t, w) {
    attempt[t]++;
    require(AttemptsAreBounded, attempt[t] <= ATTEMPTS);
    grantee[t] = w;
    gateway[t] = GRANTED;
    joined[w] = true;
    job[w] = t;
    number[w] = attempt[t];
    worker[w] = RUNNING
}

inline commit(t, w, a) {
    gateway[t] = COMMITTED;
    begun[t] = true;
    say(w, t, a, committed)
}

// A frame reaches the client.
inline relay(t, a) {
    require(OneVoice, voice[t] == 0 || voice[t] == a);
    voice[t] = a;
    told[t] = !excused[t]
}

// The last word; what was known of the attempts is of no more use.
inline finish(t, word, next) {
    tell(t, word);
    gateway[t] = next;
    grantee[t] = 0;
    attempt[t] = 0;
    voice[t] = 0
}

// Before the first frame: another attempt, or the error.
inline failAttempt(t) {
    if
    :: tries(t) < ATTEMPTS ->
        say(grantee[t], t, attempt[t], later);
        gateway[t] = WAITING
    :: else ->
        say(grantee[t], t, attempt[t], done);
        finish(t, ERROR, OWES_RELEASE)
    fi
}

// After it: the answer is broken. The worker reports; the gateway reports too, in case it cannot.
inline breakOff(t, word) {
#ifdef MUTATION_CHARGE_BEFORE_RECORD
    if :: entry[t] == LEASE -> entry[t] = CHARGE :: else fi;
#endif
    finish(t, word, OWES_REPORT)
}

// The client leaves: the worker is told, and accounts for what it has produced.
inline leave(t) {
    if :: gateway[t] >= GRANTED -> say(grantee[t], t, attempt[t], cancel) :: else fi;
    if
    :: gateway[t] == COMMITTED -> breakOff(t, CANCELLED)
    :: else -> finish(t, CANCELLED, OWES_RELEASE)
    fi
}

// The gateway's own record of a committed attempt that has not ended well.
inline report(t) {
#ifdef MUTATION_WORKER_ALONE_REPORTS
    gateway[t] = OWES_RELEASE
#else
    of(t, GATEWAYS) = heard[t];
    gateway[t] = OWES_CHARGE
#endif
}

// There is a durable record, so billing will remove what never expires.
inline charge(t) {
    if :: entry[t] == LEASE -> entry[t] = CHARGE; lapsed[t] = false; awaited[t] = false
       :: else
    fi;
    forget(t)
}

inline release(t) {
    if :: entry[t] == LEASE -> entry[t] = FREE; lapsed[t] = false; awaited[t] = false
       :: else
    fi;
    forget(t)
}

// One client's event loop: what it does by itself.
proctype Gateway(byte t) {
end:
    do
    :: d_step { gateway[t] == NEW && (t == 0 || gateway[0] != NEW) &&
            counters == OPEN && isRoom -> reserve(t) }
#ifdef MUTATION_PUBLISH_BEFORE_REGISTER
    :: d_step { gateway[t] == RESERVED && queued[t] == UNKNOWN -> queued[t] = READY }
    :: d_step { gateway[t] == RESERVED && queued[t] != UNKNOWN -> gateway[t] = WAITING }
#else
    :: d_step { gateway[t] == RESERVED -> publish(t) }
#endif
    // The broker did not answer in time; it may have the task all the same.
    :: d_step { gateway[t] == RESERVED && may(BROKER_IS_SLOW) -> faults--;
            finish(t, ERROR, OWES_RELEASE) }
    :: d_step { gateway[t] == RESERVED && may(BROKER_IS_SLOW) -> faults--;
            queued[t] = READY;
            finish(t, ERROR, OWES_RELEASE) }
    // No first frame in time: the grant is taken back.
    :: d_step { gateway[t] == GRANTED -> failAttempt(t) }
    :: d_step { isLost(t) ->
            if :: gateway[t] == GRANTED -> failAttempt(t) :: else -> breakOff(t, BROKEN) fi }
#ifndef PATIENT
    :: d_step { isOpen(t) -> leave(t) }
    // startBy has passed.
    :: d_step { gateway[t] == WAITING -> finish(t, ERROR, OWES_RELEASE) }
#endif
    :: d_step { gateway[t] == OWES_REPORT -> report(t) }
    :: d_step { gateway[t] == OWES_CHARGE -> charge(t) }
    :: d_step { gateway[t] == OWES_RELEASE -> release(t) }
    // Renew: a lapsed lease that still stands is young again. One that is gone stays gone.
    :: d_step { holds(t) && entry[t] == LEASE && lapsed[t] ->
            lapsed[t] = false; awaited[t] = false }
    // Except while the counters are rebuilt: then it comes back, if it fits.
    :: d_step { mayComeBack(t) -> entry[t] = LEASE }
#ifdef MUTATION_RENEW_REVIVES
    :: d_step { isOpen(t) && entry[t] == FREE -> entry[t] = LEASE }
#endif
    od
}

// The same loop: what it hears from a worker. The first questions are whether it is over and who
// speaks: that is the fence.
inline hear(w, what, t, a, how) {
    if
    :: isOver(t) -> say(w, t, a, done)
#ifdef MUTATION_NO_FRAME_FENCE
    :: !isOver(t) && !isOpen(t)
    :: isOpen(t) ->
#else
    :: !isOver(t) && !(isOpen(t) && attempt[t] == a && grantee[t] == w && gateway[t] >= GRANTED) ->
        say(w, t, a, later)
    :: isOpen(t) && attempt[t] == a && grantee[t] == w && gateway[t] >= GRANTED ->
#endif
        if
#ifdef MUTATION_TELL_BEFORE_CLAIM
        :: what == frame -> relay(t, a); commit(t, w, a)
        :: what == accounts
#else
        // The first frame waits for the word of the worker that it accounts for it.
        :: what == frame -> commit(t, w, a)
        :: what == accounts -> relay(t, a)
#endif
        :: what == more -> relay(t, a)
        :: what == failed && gateway[t] != COMMITTED -> failAttempt(t)
        :: what == failed && gateway[t] == COMMITTED -> breakOff(t, BROKEN)
        :: what == whole && how == ERROR ->
            begun[t] = false;
            finish(t, ERROR, OWES_RELEASE)
        :: what == whole && how == COMPLETE ->
            relay(t, a);
            require(CompleteImpliesDurable, isDurable(t));
            finish(t, COMPLETE, OWES_CHARGE)
        fi
    fi
}

proctype Stream(byte w) {
    mtype what;
    byte t, a, how;
end:
    do
    :: d_step { up[w]?what,t,a,how -> hear(w, what, t, a, how);
            what = 0; t = 0; a = 0; how = 0 }
    od
}

// ---------------------------------------------------------------------------------- the worker
// The attempt is over, the slot free.
inline rest(w) {
    worker[w] = IDLE;
    do :: len(down[w]) > 0 -> down[w]?_ :: else -> break od;
    joined[w] = false;
    job[w] = 0;
    number[w] = 0;
    outcome[w] = 0
}

// Done with it for good. Any consumer may ack any message.
inline ack(t) {
    require(AckedImpliesDone, isOver(t) || gateway[t] == COMMITTED);
    queued[t] = ACKED
}

// Back to the queue, unless the broker has taken it back already.
inline handBack(t, w) {
    if :: queued[t] == OUT + w -> queued[t] = READY :: else fi
}

// The queue gives a task to a free slot; the worker attaches, and the gateway that the task names
// answers. Nothing is said of `later`, which hands back what another attempt has: it changes
// nothing but the time. A new incarnation of the gateway does not know the task: `done`.
inline deliver(t, w) {
    queued[t] = OUT + w;
#ifdef MUTATION_COUNT_BY_BROKER
    deliveries[t]++;
#endif
#ifdef MUTATION_ACK_ON_DELIVERY
    ack(t);
#endif
    if
    :: isOver(t) -> ack(t)
#ifdef MUTATION_PUBLISH_BEFORE_REGISTER
    :: gateway[t] == RESERVED -> ack(t)
#endif
    :: isOpen(t) && gateway[t] != RESERVED -> grant(t, w)
    fi
}

#ifdef MUTATION_TWO_GRANTS
#define isGrantable(t) (isOpen(t) && attempt[t] < ATTEMPTS)
#elif defined(MUTATION_PUBLISH_BEFORE_REGISTER)
#define isGrantable(t) (gateway[t] == RESERVED || gateway[t] == WAITING)
#else
#define isGrantable(t) (gateway[t] == WAITING)
#endif
#define isDeliverable(t) (queued[t] == READY && (isGrantable(t) || isOver(t)))

// Free slots are alike: of two, the first takes it.
#define isFree(w) (worker[w] == IDLE && (w == 0 || worker[0] != IDLE || len(up[0]) > 0 \
    || len(up[1]) > 0))

// The first frame, which asks to be committed; then a later one.
inline stream(w, what) {
    if :: joined[w] -> up[w]!what,job[w],number[w],0 :: else fi
}

inline conclude(w, how) {
    outcome[w] = how;
    worker[w] = (how == ERROR -> DURABLE : REPORTING)
}

// The usage topic has the record: it outlives this worker.
inline account(w) {
    of(job[w], w) = outcome[w];
    worker[w] = DURABLE
}

// The last word. What a stopped worker says is heard by nobody.
inline conclusion(w) {
    if
    :: joined[w] && outcome[w] == BROKEN -> up[w]!failed,job[w],number[w],BROKEN
    :: joined[w] && (outcome[w] == COMPLETE || outcome[w] == ERROR) ->
        up[w]!whole,job[w],number[w],outcome[w]
    :: else
    fi;
    number[w] = 0;
    outcome[w] = 0;
    worker[w] = TOLD
}

// The gateway says stop, or is lost. Without a claim nobody has heard anything: with the gateway's
// word the task is done, without it somebody else may try.
inline stop(w, how, isKnown) {
    if
    :: worker[w] == CLAIMED || worker[w] == STREAMED -> conclude(w, how)
    :: else ->
        if :: isKnown -> ack(job[w]) :: else -> handBack(job[w], w) fi;
        rest(w)
    fi
}

#define mayListen(w) (worker[w] >= RUNNING && worker[w] <= STREAMED)

proctype Worker(byte w) {
end:
    do
    :: d_step { isFree(w) && isDeliverable(0) -> deliver(0, w) }
#if TASKS == 2
    :: d_step { isFree(w) && isDeliverable(1) -> deliver(1, w) }
#endif
    :: d_step { worker[w] == RUNNING && len(up[w]) < 2 -> stream(w, frame); worker[w] = SENT }
    :: d_step { worker[w] == RUNNING && len(up[w]) < 2 -> stream(w, failed); worker[w] = FAILED }
    :: d_step { worker[w] == CLAIMED && len(up[w]) < 2 -> stream(w, more); worker[w] = STREAMED }
    // The client's own error: in one piece, heard with its end, and it uses nothing.
    :: d_step { worker[w] == CLAIMED -> excuse(job[w]); conclude(w, ERROR) }
    :: d_step { worker[w] == STREAMED -> conclude(w, COMPLETE) }
    :: d_step { worker[w] == CLAIMED || worker[w] == STREAMED -> conclude(w, BROKEN) }
    :: d_step { worker[w] == REPORTING -> account(w) }
    // No receipt in time: the answer is broken, and the record may be durable all the same.
    :: d_step { worker[w] == REPORTING && may(BROKER_IS_SLOW) -> faults--;
            excuse(job[w]);
            outcome[w] = BROKEN;
            worker[w] = DURABLE }
    :: d_step { worker[w] == REPORTING && may(BROKER_IS_SLOW) -> faults--;
            account(w);
            outcome[w] = BROKEN }
    :: d_step { worker[w] == DURABLE && len(up[w]) < 2 -> conclusion(w) }
    :: d_step { worker[w] == TOLD -> ack(job[w]); rest(w) }
    :: d_step { mayListen(w) && down[w]?[committed] && len(up[w]) < 2 ->
            down[w]?committed;
            stream(w, accounts);
            worker[w] = CLAIMED }
    :: d_step { mayListen(w) && down[w]?[later] -> down[w]?later; handBack(job[w], w); rest(w) }
    :: d_step { mayListen(w) && down[w]?[done] -> down[w]?done; stop(w, BROKEN, true) }
    :: d_step { mayListen(w) && down[w]?[cancel] -> down[w]?cancel; stop(w, CANCELLED, true) }
#ifndef MUTATION_NO_KEEPALIVE
    :: d_step { mayListen(w) && !joined[w] -> stop(w, BROKEN, false) }
#endif
#ifdef MUTATION_END_BEFORE_USAGE
    :: d_step { worker[w] == REPORTING && outcome[w] == COMPLETE && len(up[w]) < 2 ->
            conclusion(w) }
#endif
#ifdef MUTATION_ACK_UNCOMMITTED
    // The client's own error needs no usage record: said, and acked at once.
    :: d_step { worker[w] == RUNNING && len(up[w]) < 2 ->
            stream(w, frame); outcome[w] = ERROR; worker[w] = DURABLE }
#endif
    od
}

// --------------------------------------------------------------------------------- the billing
#define taskOf(r) ((r) / SOURCES)

// Keeps the entry from expiring while its row is written, and says what is held at all. Where the
// counters cannot say, the ledger says what is left.
inline pin(t) {
    if
    :: counters == FILLING && entry[t] == FREE && rows[t] == 0 && isRoom -> entry[t] = CHARGE
#ifndef MUTATION_NO_PIN
    :: entry[t] == LEASE -> entry[t] = CHARGE; lapsed[t] = false; awaited[t] = false
#endif
    :: else
    fi;
    held = (entry[t] != FREE || counters == BLANK && sum(chargeOf) + 1 <= BUDGET)
}

// One transaction of the database: a row, unless the task has one. Charged is what it cost, but
// never more than what is held for it now; the rest is absorbed.
inline settle(t, how) {
    if
#ifdef MUTATION_NO_UNIQUE_KEY
    :: true ->
#else
    :: rows[t] == 0 ->
#endif
        rows[t]++;
#ifdef MUTATION_CHARGE_BY_CLAIM
        charged[t] = (how != BROKEN);
#else
        charged[t] = (how != BROKEN && held);
#endif
        require(NoDoubleBill, rows[t] <= 1)
    :: else
    fi;
    excuse(t)
}

// One script in the counters' store. An old version does not undo a newer one.
inline apply(total, ofVersion) {
    if
#ifdef MUTATION_NO_VERSION
    :: true ->
#else
    :: ofVersion >= version ->
#endif
        spent = total;
        version = ofVersion
    :: else
    fi
}

// The broker hands out any record that is not acked; billing may have it a second time.
inline receive(place) {
    billed = place;
    pin(taskOf(place));
    billing = PINNED
}

// The counters are rebuilt: what is spent comes from the ledger, once it has all usage, with a mark
// for each task that has its row. Then the leases come back, and after them the first new one.
inline fill() {
    spent = sum(chargeOf);
    version = sum(rowsOf);
    forEach(mark);
    counters = FILLING
}

inline mark(t) {
    marked[t] = (rows[t] > 0)
}

inline open() {
    forEach(unmark);
    counters = OPEN
}

inline leaveOut(t) {
    if :: mayComeBack(t) -> astray[t] = FROZEN :: else fi
}

inline unmark(t) {
    marked[t] = false
}

proctype Billing() {
end:
    do
    :: d_step { billing == IDLE && isPending(record[0]) -> receive(0) }
    :: d_step { billing == IDLE && isPending(record[1]) -> receive(1) }
    :: d_step { billing == IDLE && isPending(record[2]) -> receive(2) }
#if TASKS == 2
    :: d_step { billing == IDLE && isPending(record[3]) -> receive(3) }
    :: d_step { billing == IDLE && isPending(record[4]) -> receive(4) }
    :: d_step { billing == IDLE && isPending(record[5]) -> receive(5) }
#endif
    :: d_step { billing == PINNED ->
            settle(taskOf(billed), record[billed]);
            held = false;
            billing = SETTLED }
    :: d_step { billing == SETTLED ->
            apply(sum(chargeOf), sum(rowsOf));
            entry[taskOf(billed)] = FREE;
            if :: counters == FILLING -> marked[taskOf(billed)] = true :: else fi;
            billing = APPLIED }
    :: d_step { billing == APPLIED ->
            record[billed] = CONSUMED;
            if :: !hasUsage(taskOf(billed)) -> awaited[taskOf(billed)] = false :: else fi;
            billed = 0;
            billing = IDLE }
    :: d_step { counters == BLANK && billing == IDLE && each(hasNoUsage) -> fill() }
#ifdef MUTATION_REBUILD_OPENS_UNDRAINED
    :: d_step { counters == FILLING && !any(mayComeBack) ->
#else
    :: d_step { counters == FILLING && billing == IDLE && each(hasNoUsage) &&
            !any(mayComeBack) ->
#endif
            open() }
    // Twenty seconds are over, and a gateway that stands still is not back.
    :: d_step { counters == FILLING && billing == IDLE && each(hasNoUsage) &&
            any(mayComeBack) && may(GATEWAY_FREEZES) -> faults--;
            forEach(leaveOut);
            open() }
    :: d_step { zombie ->
            apply(zombieSpent, zombieVersion);
            zombie = false; zombieSpent = 0; zombieVersion = 0 }
    od
}

// -------------------------------------------------------------------------- the counters' clock
inline lapse(t) {
    lapsed[t] = true;
#ifndef MUTATION_EXPIRE_BEFORE_BILLING
    awaited[t] = hasUsage(t)
#endif
}

inline expire(t) {
    if :: astray[t] == 0 -> astray[t] = EXPIRED :: else fi;
    entry[t] = FREE;
    lapsed[t] = false
}

proctype Clock(byte t) {
end:
    do
    // Nobody renews it any more.
    :: d_step { entry[t] == LEASE && gateway[t] == GONE && !lapsed[t] -> lapse(t) }
    // Its gateway lives, but stood still.
    :: d_step { entry[t] == LEASE && gateway[t] != GONE && !lapsed[t] && may(GATEWAY_FREEZES) ->
            faults--; lapse(t); astray[t] = FROZEN }
#ifdef MUTATION_EXPIRE_LIVE_LEASE
    :: d_step { entry[t] == LEASE && !lapsed[t] -> lapse(t) }
#endif
    :: d_step { entry[t] == LEASE && lapsed[t] && !awaited[t] -> expire(t) }
    od
}

// ------------------------------------------------------------------------------ what can happen
// A gateway dies. Its clients' connections break; its next incarnation knows none of its tasks.
inline loseGateway(t) {
    if :: isOpen(t) -> tell(t, BROKEN) :: else fi;
    if :: gateway[t] != GONE -> begun[t] = false :: else fi;
    if :: gateway[t] != NEW -> forget(t) :: else fi
}

// The broker gives out again what a lost consumer had.
inline redeliver(t, w) {
    if :: queued[t] == OUT + w -> queued[t] = READY :: else fi
}

// Its acks are written now and then: a broker that dies may forget the last.
inline loseBroker(t) {
#ifdef MUTATION_COUNT_BY_BROKER
    deliveries[t] = 0;
#endif
    if
    :: queued[t] >= OUT -> queued[t] = READY
    :: queued[t] == ACKED -> queued[t] = READY
    :: queued[t] < OUT
    fi
}

inline loseBilling() {
    billing = IDLE;
    billed = 0;
    held = false
}

#define isQueued(t) (queued[t] != UNKNOWN)

inline loseEntry(t) {
    entry[t] = FREE;
    lapsed[t] = false;
    awaited[t] = false;
    marked[t] = false
}

proctype Faults() {
end:
    do
    :: d_step { may(GATEWAY_DIES) && any(holds) -> faults--;
            cut(0);
            cut(1);
            forEach(loseGateway) }
    :: d_step { may(WORKER_DIES) && worker[0] != IDLE -> faults--;
            if :: worker[0] >= CLAIMED -> excuse(job[0]) :: else fi;
            redeliver(job[0], 0);
            cut(0);
            rest(0) }
    :: d_step { may(WORKER_DIES) && worker[1] != IDLE -> faults--;
            if :: worker[1] >= CLAIMED -> excuse(job[1]) :: else fi;
            redeliver(job[1], 1);
            cut(1);
            rest(1) }
    // A connection breaks, both ends live.
    :: d_step { may(STREAM_BREAKS) && joined[0] -> faults--; cut(0) }
    :: d_step { may(STREAM_BREAKS) && joined[1] -> faults--; cut(1) }
    // The broker takes a consumer for lost that works.
    :: d_step { may(BROKER_DIES) && worker[0] != IDLE && queued[job[0]] == OUT -> faults--;
            redeliver(job[0], 0) }
    :: d_step { may(BROKER_DIES) && worker[1] != IDLE && queued[job[1]] == OUT + 1 -> faults--;
            redeliver(job[1], 1) }
    :: atomic { may(BROKER_DIES) && any(isQueued) -> faults--;
            forEach(loseBroker) }
    :: d_step { may(BILLING_DIES) && billing != IDLE -> faults--;
            loseBilling() }
    // Or it is taken for dead, and writes to the counters when another has taken over.
    :: d_step { may(BILLING_DIES) && billing == SETTLED && !zombie -> faults--;
            zombie = true;
            zombieSpent = sum(chargeOf);
            zombieVersion = sum(rowsOf);
            loseBilling() }
    // The counters die with all they know.
    :: d_step { may(COUNTERS_DIE) && gateway[0] != NEW -> faults--;
            forEach(loseEntry);
            spent = 0;
            version = 0;
#ifndef MUTATION_MISSING_IS_ZERO
            counters = BLANK;
            died = true
#endif
            }
    od
}

// --------------------------------------------------------------------------------- the promises
#define isEnded(t) (gateway[t] == NEW || heard[t] != NOTHING)
#define isDone(t) (queued[t] == UNKNOWN || queued[t] == ACKED)
#define isAstray(t) (astray[t] != 0)
#define isFreed(t) (entry[t] == FREE)
#define isAccounted(t) (!begun[t] || rows[t] > 0)
#define isHeardOf(t) (!told[t])
#define isPaid(t) (heard[t] != COMPLETE || charged[t] == 1 || astray[t] == FROZEN \
    || died && any(isAstray))
#define isFreeIfBroken(t) (heard[t] != BROKEN || charged[t] == 0)

proctype Monitor() {
end:
    do
    :: d_step { sum(chargeOf) + sum(unsettledOf) > BUDGET ->
            NoOvershoot = false; assert(NoOvershoot) }
    :: d_step { counters != BLANK && spent + sum(heldOf) < sum(chargeOf) ->
            NoOvershoot = false; assert(NoOvershoot) }
    :: atomic { timeout ->
            require(EveryRequestTerminates, each(isEnded));
            require(NoOrphanGrant, worker[0] == IDLE && worker[1] == IDLE);
            require(NothingIsLeft, each(isDone));
            require(ReservationFreed, each(isFreed));
            require(NoFalseRefusal, counters == OPEN && spent == sum(chargeOf));
            require(CommittedIsAccounted, each(isAccounted));
            require(HeardIsAccounted, each(isHeardOf));
            require(CompleteIsPaid, each(isPaid));
#ifdef CHECK_BROKEN_IS_FREE
            require(BrokenIsFree, each(isFreeIfBroken));
#endif
            break }
    od
}

init {
    atomic {
#ifndef LIVENESS
        run Monitor();
#endif
        run Gateway(0);
        run Clock(0);
#if TASKS == 2
        run Gateway(1);
        run Clock(1);
#endif
        run Stream(0);
        run Stream(1);
        run Worker(0);
        run Worker(1);
        run Billing();
        run Faults()
    }
}

// What must come comes, on every path on which each actor gets its turn: a client's last word, the
// end of work for a dead gateway, a free budget.
#ifdef LIVENESS
#define isOrphan(w) (worker[w] != IDLE && gateway[job[w]] == GONE)
ltl Ends { [] (gateway[0] != NEW -> <> (heard[0] != NOTHING)) }
ltl Stops { [] ((isOrphan(0) || isOrphan(1)) -> <> !(isOrphan(0) || isOrphan(1))) }
ltl Frees { [] (gateway[0] != NEW -> <> (gateway[0] == GONE && entry[0] == FREE)) }
#endif
