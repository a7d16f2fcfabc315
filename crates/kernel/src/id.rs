//! Names of rows: typed, so that a dossier's id is never taken for an account's.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::atomic::{self, AtomicU64};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::moment::Moment;

/// The id of a row of kind `K`. In text and JSON it is a decimal *string*, since JavaScript cannot
/// hold all 63 bits in a number.
pub struct Id<K>(i64, PhantomData<fn() -> K>);

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $alias:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $kind {}

        $(#[$doc])*
        pub type $alias = Id<$kind>;
    )*};
}

kinds! {
    /// A dossier (hồ sơ).
    DossierKind => DossierId;
    /// An account of a citizen, an officer or a system.
    AccountKind => AccountId;
    /// A draft of a form, not yet filed.
    DraftKind => DraftId;
    /// An entry of a register.
    EntryKind => EntryId;
    /// A document that the program made.
    DocumentKind => DocumentId;
    /// A file that a person sent.
    UploadKind => UploadId;
    /// An event of the journal.
    EventKind => EventId;
    /// A job to be done later.
    JobKind => JobId;
    /// A signed-in session.
    SessionKind => SessionId;
    /// A message from or to another system.
    MessageKind => MessageId;
}

impl<K> Id<K> {
    /// The id as the database keeps it.
    pub const fn from_raw(raw: i64) -> Id<K> {
        Id(raw, PhantomData)
    }

    /// The number that the database keeps.
    pub const fn raw(self) -> i64 {
        self.0
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Id<K> {}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({})", self.0)
    }
}

impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The text is not an id: decimal digits without sign or leading zero, above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseIdError;

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id: expected a positive decimal number without leading zeros")
    }
}

impl std::error::Error for ParseIdError {}

impl<K> FromStr for Id<K> {
    type Err = ParseIdError;

    /// Accepts exactly what `Display` writes, so that one row has one address.
    fn from_str(text: &str) -> Result<Id<K>, ParseIdError> {
        if !text.starts_with(|first: char| first.is_ascii_digit() && first != '0') {
            return Err(ParseIdError);
        }
        text.parse().map(Id::from_raw).map_err(|_| ParseIdError)
    }
}

impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id<K>, D::Error> {
        struct Visitor<K>(PhantomData<fn() -> K>);
        impl<K> de::Visitor<'_> for Visitor<K> {
            type Value = Id<K>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id as a decimal string")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id<K>, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor(PhantomData))
    }
}

/// Makes ids that grow with time and never repeat, without asking the database.
///
/// 63 bits: milliseconds since 2020-01-01 UTC (41, until 2089), node (10), sequence (12). When more
/// than 4,096 are asked for in a millisecond, or the clock goes back, the generator runs ahead of
/// the clock rather than repeat.
#[derive(Debug)]
pub struct IdGenerator {
    node: u64,
    /// Milliseconds and sequence of the last id given out, as one number.
    last: AtomicU64,
}

const SEQUENCE_BITS: u32 = 12;
const NODE_BITS: u32 = 10;
const TICK_BITS: u32 = 41 + SEQUENCE_BITS;
/// 2020-01-01T00:00:00Z in milliseconds since 1970.
const EPOCH_MILLIS: i64 = 1_577_836_800_000;

impl IdGenerator {
    /// Nodes are the processes that write to one database; each has its own number, 0 to 1,023
    /// (higher bits are ignored).
    pub const fn new(node: u16) -> IdGenerator {
        IdGenerator { node: (node as u64) & ((1 << NODE_BITS) - 1), last: AtomicU64::new(0) }
    }

    /// The next number; above all earlier ones of this generator.
    pub fn next(&self, now: Moment) -> i64 {
        let millis = now.micros().div_euclid(1_000).saturating_sub(EPOCH_MILLIS).max(0);
        let present = millis.unsigned_abs() << SEQUENCE_BITS;
        let step = |last: u64| present.max(last + 1) & ((1 << TICK_BITS) - 1);
        let tick = self.last.update(atomic::Ordering::Relaxed, atomic::Ordering::Relaxed, step);
        self.assemble(step(tick))
    }

    /// The next id of the kind wanted.
    pub fn next_id<K>(&self, now: Moment) -> Id<K> {
        Id::from_raw(self.next(now))
    }

    fn assemble(&self, tick: u64) -> i64 {
        let sequence = tick & ((1 << SEQUENCE_BITS) - 1);
        let millis = tick >> SEQUENCE_BITS;
        let bits =
            (millis << (NODE_BITS + SEQUENCE_BITS)) | (self.node << SEQUENCE_BITS) | sequence;
        bits.cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn moment(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn an_id_is_a_decimal_string_in_json() {
        let id = DossierId::from_raw(9_007_199_254_740_993);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, r#""9007199254740993""#);
        assert_eq!(serde_json::from_str::<DossierId>(&json).unwrap(), id);
        assert!(serde_json::from_str::<DossierId>("9007199254740993").is_err());
    }

    #[test]
    fn one_row_has_one_address() {
        for wrong in ["", "0", "-1", "+1", "01", " 1", "1 ", "1.0", "٣", "9223372036854775808"] {
            assert_eq!(wrong.parse::<EntryId>(), Err(ParseIdError), "{wrong}");
        }
        assert_eq!("9223372036854775807".parse::<EntryId>().unwrap().raw(), i64::MAX);
    }

    #[test]
    fn ids_grow_even_when_the_clock_goes_back() {
        let generator = IdGenerator::new(3);
        let first = generator.next(moment("2026-11-22T08:00:00+07:00"));
        let second = generator.next(moment("2026-11-22T07:00:00+07:00"));
        let third = generator.next(moment("2026-11-22T08:00:01+07:00"));
        assert!(first > 0 && first < second && second < third);
    }

    #[test]
    fn nodes_never_give_the_same_id() {
        let now = moment("2026-11-22T08:00:00+07:00");
        let one = IdGenerator::new(1);
        let two = IdGenerator::new(2);
        let all: BTreeSet<i64> = (0..10_000).flat_map(|_| [one.next(now), two.next(now)]).collect();
        assert_eq!(all.len(), 20_000);
    }

    #[test]
    fn threads_never_get_the_same_id() {
        let generator = IdGenerator::new(0);
        let now = moment("2026-11-22T08:00:00+07:00");
        let all: BTreeSet<i64> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| (0..5_000).map(|_| generator.next(now)).collect::<Vec<_>>())
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(all.len(), 20_000);
    }

    proptest! {
        #[test]
        fn any_moment_gives_a_positive_growing_id(moments in prop::collection::vec(any::<i64>(), 1..50)) {
            let generator = IdGenerator::new(1_023);
            let mut last = 0;
            // Past 2089 the 41 bits are used up; the office will have noticed.
            for micros in moments {
                let id = generator.next(Moment::from_micros(micros.min(3_700_000_000_000_000)));
                prop_assert!(id > last);
                last = id;
            }
        }

        #[test]
        fn an_id_reads_back_what_it_writes(raw in 1..=i64::MAX) {
            let id = AccountId::from_raw(raw);
            prop_assert_eq!(id.to_string().parse::<AccountId>().unwrap(), id);
        }
    }
}
