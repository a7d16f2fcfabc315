//! Token buckets in bounded memory: how often one client, login or account may do something.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};

use kernel::error::Error;
use kernel::moment::Moment;

/// Locks are per shard, so that requests rarely wait for each other.
const SHARDS: usize = 16;

/// So many at once, and one more each interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Most at once.
    pub burst: u32,
    /// Milliseconds until one more is allowed.
    pub millis_each: u32,
}

/// Counts per key. A key is anything that can be hashed, such as `("sign-in", address)`; only its
/// hash is kept, under a random seed, so the table holds no personal data.
///
/// Memory is bounded: about 40 bytes for each of at most `keys` keys. When there are more, those
/// not used for longest are forgotten, which can only allow more, never lock anybody out.
pub struct RateLimiter {
    limit: RateLimit,
    seed: RandomState,
    shards: Vec<Mutex<Shard>>,
    /// Keys in one generation of one shard.
    generation: usize,
}

/// Two generations: when the young one is full, the old one is dropped and the young one becomes
/// old. A key in use moves back to the young one. That is nearly "least recently used" at the
/// price of a plain table.
#[derive(Default)]
struct Shard {
    young: HashMap<u64, Bucket>,
    old: HashMap<u64, Bucket>,
}

/// A bucket, as the moment at which it will be full again (the "theoretical arrival time" of the
/// generic cell rate algorithm): one number instead of a count and a time.
#[derive(Clone, Copy)]
struct Bucket {
    full_at: i64,
}

/// Refused: try again after so many seconds, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter {
    /// Seconds, for the header of that name.
    pub seconds: u32,
}

impl RateLimiter {
    /// A limiter that remembers about `keys` keys.
    pub fn new(limit: RateLimit, keys: usize) -> Self {
        Self {
            limit,
            seed: RandomState::new(),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            generation: (keys / SHARDS / 2).max(1),
        }
    }

    /// Takes one for the key.
    ///
    /// # Errors
    ///
    /// When none is left; nothing is taken then, so asking on does not lengthen the wait.
    pub fn take(&self, key: &impl Hash, now: Moment) -> Result<(), RetryAfter> {
        let hash = self.seed.hash_one(key);
        let index = usize::try_from(hash % (SHARDS as u64)).unwrap_or(0);
        let Some(shard) = self.shards.get(index) else {
            return Ok(());
        };
        // A panic elsewhere leaves at worst one bucket out of date.
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = shard.bucket(hash, self.generation);
        bucket.take(self.limit, now.micros())
    }

    /// How many keys are remembered now.
    pub fn len(&self) -> usize {
        let count = |shard: &Mutex<Shard>| {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.young.len() + shard.old.len()
        };
        self.shards.iter().map(count).sum()
    }

    /// Is no key remembered?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Shard {
    fn bucket(&mut self, hash: u64, generation: usize) -> &mut Bucket {
        if !self.young.contains_key(&hash) && self.young.len() >= generation {
            self.old = std::mem::take(&mut self.young);
        }
        let remembered = self.old.remove(&hash);
        self.young.entry(hash).or_insert(remembered.unwrap_or(Bucket { full_at: i64::MIN }))
    }
}

impl Bucket {
    fn take(&mut self, limit: RateLimit, now: i64) -> Result<(), RetryAfter> {
        let each = i64::from(limit.millis_each) * 1_000;
        let capacity = each.saturating_mul(i64::from(limit.burst));
        // A clock that went back must not make anybody wait longer than a full bucket takes.
        let full_at = self.full_at.clamp(now, now.saturating_add(capacity));
        let after = full_at.saturating_add(each);
        let wait = after.saturating_sub(capacity).saturating_sub(now);
        if wait > 0 {
            return Err(RetryAfter { seconds: seconds_rounded_up(wait) });
        }
        self.full_at = after;
        Ok(())
    }
}

fn seconds_rounded_up(micros: i64) -> u32 {
    u32::try_from(micros.saturating_add(999_999) / 1_000_000).unwrap_or(u32::MAX)
}

impl From<RetryAfter> for Error {
    fn from(retry: RetryAfter) -> Self {
        let wait = if retry.seconds < 120 {
            format!("{} giây", retry.seconds)
        } else {
            format!("{} phút", retry.seconds.div_ceil(60))
        };
        Self::too_many(format!("Ông/bà đã gửi quá nhiều yêu cầu. Vui lòng thử lại sau {wait}."))
            .because("rate limit")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: RateLimit = RateLimit { burst: 3, millis_each: 10_000 };

    fn at(seconds: i64) -> Moment {
        Moment::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
    }

    #[test]
    fn a_burst_passes_and_then_one_each_interval() {
        let limiter = RateLimiter::new(LIMIT, 1_000);
        for _ in 0..3 {
            assert_eq!(limiter.take(&"key", at(0)), Ok(()));
        }
        assert_eq!(limiter.take(&"key", at(0)), Err(RetryAfter { seconds: 10 }));
        assert_eq!(limiter.take(&"key", at(9)), Err(RetryAfter { seconds: 1 }));
        assert_eq!(limiter.take(&"key", at(10)), Ok(()));
        assert_eq!(limiter.take(&"key", at(10)), Err(RetryAfter { seconds: 10 }));
    }

    #[test]
    fn waiting_as_long_as_told_is_enough() {
        let limiter = RateLimiter::new(RateLimit { burst: 1, millis_each: 7_000 }, 1_000);
        limiter.take(&1, at(0)).unwrap();
        let retry = limiter.take(&1, Moment::from_micros(at(0).micros() + 1)).unwrap_err();
        assert_eq!(limiter.take(&1, at(i64::from(retry.seconds))), Ok(()));
    }

    #[test]
    fn asking_while_refused_does_not_lengthen_the_wait() {
        let limiter = RateLimiter::new(RateLimit { burst: 1, millis_each: 10_000 }, 1_000);
        limiter.take(&1, at(0)).unwrap();
        for second in 0..10 {
            assert!(limiter.take(&1, at(second)).is_err());
        }
        assert_eq!(limiter.take(&1, at(10)), Ok(()));
    }

    #[test]
    fn keys_do_not_count_for_each_other() {
        let limiter = RateLimiter::new(RateLimit { burst: 1, millis_each: 10_000 }, 1_000);
        assert_eq!(limiter.take(&("sign-in", "a"), at(0)), Ok(()));
        assert_eq!(limiter.take(&("sign-in", "b"), at(0)), Ok(()));
        assert_eq!(limiter.take(&("upload", "a"), at(0)), Ok(()));
        assert!(limiter.take(&("sign-in", "a"), at(0)).is_err());
    }

    #[test]
    fn memory_stays_bounded_under_a_million_keys() {
        let limiter = RateLimiter::new(LIMIT, 10_000);
        for key in 0..1_000_000_u32 {
            let _ = limiter.take(&key, at(0));
        }
        assert!(limiter.len() <= 10_000, "{}", limiter.len());
        assert!(!limiter.is_empty());
    }

    #[test]
    fn a_key_in_use_is_not_forgotten_for_passing_strangers() {
        let limiter = RateLimiter::new(RateLimit { burst: 1, millis_each: 1_000_000 }, 10_000);
        limiter.take(&"busy", at(0)).unwrap();
        for stranger in 0..100_000_u32 {
            let _ = limiter.take(&stranger, at(1));
            if stranger % 100 == 0 {
                assert!(limiter.take(&"busy", at(1)).is_err());
            }
        }
    }

    #[test]
    fn a_clock_that_goes_back_locks_nobody_out_for_longer_than_a_full_bucket() {
        let limiter = RateLimiter::new(LIMIT, 1_000);
        for _ in 0..3 {
            limiter.take(&1, at(1_000_000)).unwrap();
        }
        let retry = limiter.take(&1, at(0)).unwrap_err();
        assert!(retry.seconds <= 30);
    }

    #[test]
    fn the_message_says_how_long_to_wait() {
        let message = |seconds| Error::from(RetryAfter { seconds }).message;
        assert!(message(30).ends_with("30 giây."));
        assert!(message(121).ends_with("3 phút."));
    }

    proptest! {
        #[test]
        fn no_window_lets_more_through_than_burst_plus_refill(
            gaps in prop::collection::vec(0_i64..30, 1..200),
            burst in 1_u32..10, seconds_each in 1_u32..20,
        ) {
            let limiter = RateLimiter::new(RateLimit { burst, millis_each: seconds_each * 1_000 }, 100);
            let (mut now, mut passed) = (0_i64, 0_i64);
            for gap in gaps {
                now += gap;
                passed += i64::from(limiter.take(&1, at(now)).is_ok());
                prop_assert!(passed <= i64::from(burst) + now / i64::from(seconds_each));
            }
        }
    }
}
