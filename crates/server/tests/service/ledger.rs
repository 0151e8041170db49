//! Credits and jobs are never lost or doubled.

use crate::common::{Desk, Folder};
use kinora_server::clock::{Clock, DAY, new_id};
use kinora_server::money::Credits;
use kinora_server::store::{Beat, NewJob, Refused, Sqlite, State, Store, Terms};
use std::collections::HashMap;
use std::sync::Arc;

const TERMS: Terms = Terms { daily: None, monthly: None, slots: 1_000_000, weight: 1, queue: 1_000_000 };
const FREE: Terms = Terms { daily: Some(Credits(66_000)), ..TERMS };

fn job(account: i64, price: i64, now: i64) -> NewJob {
    NewJob {
        id: new_id(now),
        account,
        dialect: "videos".into(),
        product: "videos".into(),
        model: "kinora".into(),
        external: None,
        slots: 1,
        price: Credits::whole(price),
        wish: "{}".into(),
        warnings: "[]".into(),
        callback: None,
        parent: None,
    }
}

async fn store() -> (Folder, Arc<Sqlite>) {
    let folder = Folder::new();
    let store = Sqlite::open(&folder.0.join("kinora.db"), Arc::new(Clock::default())).await.expect("opened");
    (folder, Arc::new(store))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_race_for_the_last_credits() {
    let (_folder, store) = store().await;
    let account = store.open_account("a", "pro", 1).await.expect("written").expect("new").id;
    store.grant(account, Credits::whole(37), "", 1).await.expect("written").expect("granted");
    let tries: Vec<_> = (0..200)
        .map(|k| {
            tokio::spawn({
                let store = store.clone();
                async move { store.submit_with_hold(job(account, 5, 1000 + k), TERMS, 1000).await }
            })
        })
        .collect();
    let (mut taken, mut refused) = (0, 0);
    for attempt in tries {
        match attempt.await.expect("no panic").expect("written") {
            Ok(_) => taken += 1,
            Err(Refused::Credits { price, there }) => {
                assert_eq!((price, there), (Credits::whole(5), Credits::whole(2)), "what is told");
                refused += 1;
            }
            Err(other) => panic!("refused otherwise: {other:?}"),
        }
    }
    assert_eq!((taken, refused), (7, 193), "exactly what was there");
    let balance = store.balance(account, TERMS, 2000).await.expect("read");
    assert_eq!((balance.lasting, balance.held, balance.active), (Credits::whole(2), Credits::whole(35), 7), "the rest is held");
    assert!(store.audit().await.expect("read").holds(), "and all adds up");
}

#[tokio::test(flavor = "multi_thread")]
async fn slots_are_raced_for_as_exactly() {
    let (_folder, store) = store().await;
    let account = store.open_account("a", "pro", 1).await.expect("written").expect("new").id;
    store.grant(account, Credits::whole(1000), "", 1).await.expect("written").expect("granted");
    let terms = Terms { slots: 10, ..TERMS };
    let tries: Vec<_> = (0..100)
        .map(|k| {
            tokio::spawn({
                let store = store.clone();
                async move { store.submit_with_hold(job(account, 1, 1000 + k), terms, 1000).await }
            })
        })
        .collect();
    let mut taken = 0;
    for attempt in tries {
        match attempt.await.expect("no panic").expect("written") {
            Ok(_) => taken += 1,
            Err(refused) => assert_eq!(refused, Refused::Slots { limit: 10 }, "refused for that"),
        }
    }
    assert_eq!(taken, 10, "as many as there are");
}

/// A small source of chance that is the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_in_any_order_all_adds_up() {
    for seed in 0..6 {
        let (_folder, store) = store().await;
        let (mut dice, mut now) = (Dice(seed * 977 + 1), 20_000 * DAY);
        let mut accounts = Vec::new();
        for name in ["a", "b", "c"] {
            accounts.push(store.open_account(name, "free", now).await.expect("written").expect("new").id);
        }
        let mut known: Vec<(i64, i64)> = Vec::new();
        let mut claimed: Vec<(i64, i64)> = Vec::new();
        let mut over: HashMap<i64, State> = HashMap::new();
        for _ in 0..400 {
            let account = accounts[dice.roll(3) as usize];
            match dice.roll(11) {
                0..=3 => {
                    let price = dice.roll(30) as i64;
                    if let Ok(id) = store.submit_with_hold(job(account, price, now), FREE, now).await.expect("written") {
                        known.push((account, id));
                    }
                }
                4 | 5 => {
                    if let Some(job) = store.claim("w", now).await.expect("written") {
                        assert_eq!(job.state, State::Running, "a claimed job runs");
                        assert!(!over.contains_key(&job.id), "what is over is not claimed again");
                        claimed.push((job.id, job.attempt));
                    }
                }
                6 if !claimed.is_empty() => {
                    // Perhaps of an attempt that is no longer the one: then it must change nothing.
                    let (id, attempt) = claimed[dice.roll(claimed.len() as u64) as usize];
                    if store.settle(id, attempt, "{}".into(), "[]".into(), None, now).await.expect("written") {
                        assert!(over.insert(id, State::Succeeded).is_none(), "settled once");
                    }
                }
                7 if !claimed.is_empty() => {
                    let (id, attempt) = claimed[dice.roll(claimed.len() as u64) as usize];
                    if store.release(id, attempt, ("x".into(), "y".into()), "[]".into(), now).await.expect("written") {
                        assert!(over.insert(id, State::Failed).is_none(), "released once");
                    }
                }
                8 if !claimed.is_empty() => {
                    let (id, attempt) = claimed[dice.roll(claimed.len() as u64) as usize];
                    if store.put_back(id, attempt, 0, now).await.expect("written") {
                        assert_eq!(store.heartbeat(id, attempt, 1).await.expect("written"), Beat::Stop, "who lost it is told");
                    }
                }
                9 if !known.is_empty() => {
                    let (owner, id) = known[dice.roll(known.len() as u64) as usize];
                    assert_eq!(store.cancel(owner + 100, id, now).await.expect("written"), None, "nobody else cancels it");
                    let state = store.cancel(owner, id, now).await.expect("written").expect("there");
                    assert_eq!(*over.entry(id).or_insert(state), state, "what is over stays as it is");
                }
                _ => {
                    // Clocks jump, forward and back, by days.
                    now += (dice.roll(5) as i64 - 1) * DAY / 2;
                    store.balance(account, FREE, now).await.expect("written");
                    store.grant(account, Credits(dice.roll(9000) as i64), "", now).await.expect("written").expect("granted");
                }
            }
            let audit = store.audit().await.expect("read");
            assert!(audit.holds(), "seed {seed}: {audit:?}");
        }
    }
}

#[tokio::test]
async fn the_days_credits_do_not_carry_over() {
    let (_folder, store) = store().await;
    let account = store.open_account("a", "free", 0).await.expect("written").expect("new").id;
    let day = 20_000 * DAY;
    assert_eq!(store.balance(account, FREE, day).await.expect("read").daily, Credits::whole(66), "today's");
    let first = store.submit_with_hold(job(account, 60, day), FREE, day).await.expect("written").expect("taken");
    assert!(store.submit_with_hold(job(account, 10, day), FREE, day).await.expect("written").is_err(), "6 are left");
    let next = store.balance(account, FREE, day + DAY).await.expect("read");
    assert_eq!((next.daily, next.held), (Credits::whole(66), Credits::whole(60)), "66 again, not 72; what is held stays held");
    store.cancel(account, first, day + DAY).await.expect("written");
    let after = store.balance(account, FREE, day + DAY).await.expect("read");
    assert_eq!((after.daily, after.held), (Credits::whole(66), Credits::ZERO), "what was yesterday's is gone when it comes back");
    assert_eq!(store.balance(account, FREE, day).await.expect("read").daily, Credits::whole(66), "a clock that goes back gives nothing twice");
    assert!(store.audit().await.expect("read").holds(), "and all adds up");
}

#[tokio::test]
async fn months_are_given_as_they_are_paid() {
    let desk = Desk::new(false).await;
    let (account, _) = desk.account("a", "free", 0).await;
    let store = &desk.service.store;
    let now = desk.clock.now();
    let change = kinora_server::store::Change { plan: Some(("pro".into(), 2)), ..Default::default() };
    store.change_account(account, change, now).await.expect("written");
    let terms = |a: &kinora_server::store::Account| desk.service.terms(a);
    let of = store.account(account).await.expect("read").expect("there");
    assert_eq!(store.balance(account, terms(&of), now).await.expect("read").lasting, Credits::whole(3000), "the first month");
    assert_eq!(store.balance(account, terms(&of), now + 31 * DAY).await.expect("read").lasting, Credits::whole(6000), "the second");
    assert_eq!(store.balance(account, terms(&of), now + 100 * DAY).await.expect("read").lasting, Credits::whole(6000), "and no third");
    desk.clock.jump(61 * DAY);
    assert_eq!(store.account(account).await.expect("read").expect("there").plan, "free", "then it is on Free");
}

#[tokio::test]
async fn nobody_starves_and_weight_counts() {
    let (_folder, store) = store().await;
    let (free, premium) = (TERMS, Terms { weight: 32, ..TERMS });
    let mut ids = HashMap::new();
    for (name, terms) in [("free", free), ("premium", premium)] {
        let account = store.open_account(name, "free", 1).await.expect("written").expect("new").id;
        store.grant(account, Credits::whole(10_000), "", 1).await.expect("written").expect("granted");
        for k in 0..200 {
            store.submit_with_hold(job(account, 10, k + 1), terms, k + 1).await.expect("written").expect("taken");
        }
        ids.insert(account, name);
    }
    let mut order = Vec::new();
    while let Some(job) = store.claim("w", 1000).await.expect("written") {
        order.push(ids[&job.account]);
    }
    assert_eq!(order.len(), 400, "every job is served");
    let first: Vec<_> = order.iter().take(99).collect();
    let share = first.iter().filter(|n| **n == &"free").count();
    assert!((2..=4).contains(&share), "one in about 33 is Free's while Premium waits: {share}");
}

#[tokio::test]
async fn an_id_of_ones_own_is_taken_once() {
    let (_folder, store) = store().await;
    let account = store.open_account("a", "pro", 1).await.expect("written").expect("new").id;
    let named = |n: i64| NewJob { external: Some("mine".into()), ..job(account, 0, n) };
    let id = store.submit_with_hold(named(1), TERMS, 1).await.expect("written").expect("taken");
    assert_eq!(store.submit_with_hold(named(2), TERMS, 1).await.expect("written"), Err(Refused::Taken(id)), "the second time");
}

#[tokio::test]
async fn a_full_queue_and_a_closed_account_refuse() {
    let (_folder, store) = store().await;
    let account = store.open_account("a", "pro", 1).await.expect("written").expect("new").id;
    let terms = Terms { queue: 2, ..TERMS };
    for k in 0..2 {
        store.submit_with_hold(job(account, 0, k), terms, 1).await.expect("written").expect("taken");
    }
    assert_eq!(store.submit_with_hold(job(account, 0, 5), terms, 1).await.expect("written"), Err(Refused::Backlog), "two wait");
    let closed = kinora_server::store::Change { open: Some(false), ..Default::default() };
    store.change_account(account, closed, 1).await.expect("written");
    assert_eq!(store.submit_with_hold(job(account, 0, 6), TERMS, 1).await.expect("written"), Err(Refused::Closed), "closed");
}
