//! The state of a provision or of a document on a day, from what has happened to it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Something that happened to a provision or a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EffectEvent {
    /// First day on which it counts.
    pub day: Date,
    /// What happened.
    pub kind: EventKind,
    /// Key of the document that did it, where another one did.
    pub by: Option<String>,
}

/// What can happen. Of the events of one day the later ones of this list come later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// It takes effect, for the first time or again.
    Starts,
    /// It gets another text, or is corrected.
    Amended,
    /// A part of it ends.
    PartlyRepealed,
    /// It rests.
    Suspended {
        /// Last day of rest, where it is known beforehand.
        until: Option<Date>,
    },
    /// The rest ends.
    Resumed,
    /// It ends: repealed, replaced, or over by its own words.
    Repealed,
}

/// What may be said about a provision or a document on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum State {
    /// Nothing is known about its effect.
    Unknown,
    /// It will take effect.
    NotYet {
        /// First day of effect.
        from: Date,
    },
    /// In force as it was made.
    InForce,
    /// In force, with another text than at first.
    AmendedBy {
        /// Keys of the amending documents, in the order of time.
        by: Vec<String>,
    },
    /// In force but for a part.
    PartlyExpired {
        /// Keys of the documents that ended parts, in the order of time.
        by: Vec<String>,
        /// Day on which the first part ended.
        from: Date,
    },
    /// Its effect rests.
    Suspended {
        /// Key of the suspending document.
        by: Option<String>,
        /// First day of rest.
        from: Date,
        /// Last day of rest, where known.
        to: Option<Date>,
    },
    /// Not in force any more.
    Repealed {
        /// Key of the document that ended it; none where it ended by its own words.
        by: Option<String>,
        /// First day without effect.
        from: Date,
    },
}

impl State {
    /// Whether somebody may rely on it that day, at least in part.
    #[must_use]
    pub const fn is_in_force(&self) -> bool {
        matches!(self, Self::InForce | Self::AmendedBy { .. } | Self::PartlyExpired { .. })
    }
}

/// The state on a day. The order in which the events are given does not matter.
#[must_use]
pub fn state(events: &[EffectEvent], day: Date) -> State {
    let mut sorted: Vec<&EffectEvent> = events.iter().collect();
    sorted.sort();
    let mut state = match sorted.iter().find(|event| event.kind == EventKind::Starts) {
        Some(first) if first.day > day => State::NotYet { from: first.day },
        _ => State::Unknown,
    };
    // What a rest interrupts, and takes up again.
    let mut rested = State::InForce;
    for event in sorted.into_iter().filter(|event| event.day <= day) {
        let ended = matches!(state, State::Repealed { .. });
        match event.kind {
            EventKind::Starts => state = State::InForce,
            _ if ended => {}
            EventKind::Repealed => {
                state = State::Repealed { by: event.by.clone(), from: event.day };
            }
            EventKind::Suspended { until } => {
                if !matches!(state, State::Suspended { .. }) {
                    rested = state;
                }
                state = State::Suspended { by: event.by.clone(), from: event.day, to: until };
            }
            EventKind::Resumed => {
                if matches!(state, State::Suspended { .. }) {
                    state = std::mem::replace(&mut rested, State::InForce);
                }
            }
            EventKind::Amended | EventKind::PartlyRepealed => {
                // The text changes during a rest as well; the rest goes on, if it has not run out.
                let is_over =
                    matches!(&state, State::Suspended { to: Some(to), .. } if *to < event.day);
                if is_over {
                    state = std::mem::replace(&mut rested, State::InForce);
                }
                let target =
                    if matches!(state, State::Suspended { .. }) { &mut rested } else { &mut state };
                change(target, event);
            }
        }
    }
    match state {
        State::Suspended { to: Some(to), .. } if to < day => rested,
        state => state,
    }
}

fn change(state: &mut State, event: &EffectEvent) {
    let add = |by: &mut Vec<String>| {
        if let Some(key) = &event.by
            && !by.contains(key)
        {
            by.push(key.clone());
        }
    };
    match state {
        State::PartlyExpired { by, .. } => {
            if event.kind == EventKind::PartlyRepealed {
                add(by);
            }
        }
        _ if event.kind == EventKind::PartlyRepealed => {
            *state =
                State::PartlyExpired { by: event.by.iter().cloned().collect(), from: event.day };
        }
        State::AmendedBy { by } => add(by),
        _ => *state = State::AmendedBy { by: event.by.iter().cloned().collect() },
    }
}

/// The state of a part on a day: what ends, rests or has not begun with the whole has not with its part
/// either; that another part of the whole was amended says nothing about this one.
#[must_use]
pub fn state_within(whole: &State, own: &[EffectEvent], day: Date) -> State {
    let part = state(own, day);
    match (whole, &part) {
        (_, State::Repealed { .. }) | (State::Unknown, _) => part,
        (State::NotYet { from: whole }, State::NotYet { from: part }) => {
            State::NotYet { from: *whole.max(part) }
        }
        (State::Repealed { .. } | State::Suspended { .. } | State::NotYet { .. }, _) => {
            whole.clone()
        }
        (_, State::Unknown) => State::InForce,
        _ => part,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn event(day: Date, kind: EventKind, by: &str) -> EffectEvent {
        let by = Some(by.to_owned()).filter(|by| !by.is_empty());
        EffectEvent { day, kind, by }
    }

    fn life() -> Vec<EffectEvent> {
        vec![
            event(date(2030, 1, 1), EventKind::Starts, ""),
            event(date(2031, 1, 1), EventKind::Amended, "a"),
            event(date(2032, 1, 1), EventKind::PartlyRepealed, "b"),
            event(date(2033, 1, 1), EventKind::Suspended { until: Some(date(2033, 6, 30)) }, "c"),
            event(date(2034, 1, 1), EventKind::Repealed, "d"),
        ]
    }

    #[test]
    fn each_day_has_the_state_that_the_last_event_left() {
        let on = |year, month, day| state(&life(), date(year, month, day));
        assert_eq!(on(2029, 12, 31), State::NotYet { from: date(2030, 1, 1) });
        assert_eq!(on(2030, 1, 1), State::InForce);
        assert_eq!(on(2031, 1, 1), State::AmendedBy { by: vec!["a".into()] });
        assert_eq!(
            on(2032, 5, 1),
            State::PartlyExpired { by: vec!["b".into()], from: date(2032, 1, 1) }
        );
        assert!(matches!(on(2033, 6, 30), State::Suspended { .. }));
        assert!(matches!(on(2033, 7, 1), State::PartlyExpired { .. }), "the rest has run out");
        assert_eq!(
            on(2040, 1, 1),
            State::Repealed { by: Some("d".into()), from: date(2034, 1, 1) }
        );
    }

    #[test]
    fn a_repeal_ends_only_with_a_later_beginning() {
        let mut events = life();
        events.push(event(date(2035, 1, 1), EventKind::Amended, "e"));
        events.push(event(date(2035, 2, 1), EventKind::Resumed, "e"));
        assert!(matches!(state(&events, date(2036, 1, 1)), State::Repealed { .. }));
        events.push(event(date(2037, 1, 1), EventKind::Starts, "f"));
        assert!(matches!(state(&events, date(2036, 12, 31)), State::Repealed { .. }));
        assert_eq!(state(&events, date(2037, 1, 1)), State::InForce);
    }

    #[test]
    fn nothing_known_is_said_to_be_unknown() {
        assert_eq!(state(&[], date(2030, 1, 1)), State::Unknown);
        let repeal = [event(date(2031, 1, 1), EventKind::Repealed, "x")];
        assert_eq!(state(&repeal, date(2030, 1, 1)), State::Unknown);
        assert!(matches!(state(&repeal, date(2031, 1, 1)), State::Repealed { .. }));
    }

    #[test]
    fn a_part_shares_the_end_of_the_whole_but_not_its_amendments() {
        let whole = life();
        let on = |own: &[EffectEvent], day| state_within(&state(&whole, day), own, day);
        assert_eq!(on(&[], date(2031, 6, 1)), State::InForce);
        assert!(matches!(on(&[], date(2034, 6, 1)), State::Repealed { .. }));
        assert!(matches!(on(&[], date(2033, 2, 1)), State::Suspended { .. }));
        let own = [event(date(2030, 5, 1), EventKind::Repealed, "z")];
        assert!(
            matches!(on(&own, date(2031, 1, 1)), State::Repealed { by: Some(by), .. } if by == "z")
        );
        let late = [event(date(2030, 7, 1), EventKind::Starts, "")];
        assert_eq!(on(&late, date(2030, 2, 1)), State::NotYet { from: date(2030, 7, 1) });
        assert_eq!(on(&late, date(2029, 2, 1)), State::NotYet { from: date(2030, 7, 1) });
    }

    fn any_event() -> impl Strategy<Value = EffectEvent> {
        let kind = prop_oneof![
            Just(EventKind::Starts),
            Just(EventKind::Amended),
            Just(EventKind::PartlyRepealed),
            Just(EventKind::Suspended { until: None }),
            (0_i8..12).prop_map(|m| EventKind::Suspended { until: Some(date(2032, m + 1, 9)) }),
            Just(EventKind::Resumed),
            Just(EventKind::Repealed),
        ];
        let day = (2030_i16..2035, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| date(y, m, d));
        (day, kind, prop::option::of("[a-c]")).prop_map(|(day, kind, by)| EffectEvent {
            day,
            kind,
            by,
        })
    }

    proptest! {
        #[test]
        fn the_state_does_not_depend_on_the_order_of_telling(
            events in prop::collection::vec(any_event(), 0..8), shift in 0_usize..8,
            year in 2029_i16..2036, month in 1_i8..=12,
        ) {
            let mut turned = events.clone();
            if !turned.is_empty() {
                let by = shift % turned.len();
                turned.rotate_left(by);
            }
            let day = date(year, month, 15);
            prop_assert_eq!(state(&events, day), state(&turned, day));
        }

        #[test]
        fn before_the_first_day_of_effect_it_is_not_yet(
            mut events in prop::collection::vec(any_event(), 0..8),
        ) {
            events.push(event(date(2030, 1, 1), EventKind::Starts, ""));
            let first = state(&events, date(2029, 12, 31));
            prop_assert_eq!(first, State::NotYet { from: date(2030, 1, 1) });
        }

        #[test]
        fn a_repeal_stays_unless_something_starts_again(
            mut events in prop::collection::vec(any_event(), 0..8), year in 2036_i16..2060,
        ) {
            events.retain(|event| event.kind != EventKind::Starts);
            events.push(event(date(2035, 12, 31), EventKind::Repealed, "r"));
            events.push(event(date(2029, 1, 1), EventKind::Starts, ""));
            let is_repealed = matches!(state(&events, date(year, 1, 1)), State::Repealed { .. });
            prop_assert!(is_repealed);
        }
    }
}
