//! The keys whose codes are believed, as they are published for every checker.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::certificate::Certificate;
use crate::key::{Jwk, KeyId, PublicKey};

/// A key that signs codes: whose it is, and the days of issue for which it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    /// The key.
    pub public_key: PublicKey,
    /// The agency, for people.
    pub name: String,
    /// First day of issue.
    pub from: Date,
    /// Last day of issue; an earlier one than the certificate's when the key was withdrawn.
    pub until: Date,
}

impl TrustedKey {
    /// The key of a certificate, for as long as it holds.
    pub fn of(certificate: &Certificate) -> Result<TrustedKey> {
        Ok(TrustedKey {
            public_key: PublicKey::of(certificate)?,
            name: certificate.common_name(),
            from: certificate.valid_from().date(),
            until: certificate.valid_until().date(),
        })
    }

    pub(super) fn is_in_use_on(&self, day: Date) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

/// All keys that are trusted. In JSON a key set (RFC 7517) with the agency and the days beside each:
/// `{"keys":[{"kid":"1f2e3d4c","kty":"EC","crv":"P-256","x":…,"y":…,"name":…,"from":…,"until":…}]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedKeys(BTreeMap<KeyId, TrustedKey>);

impl TrustedKeys {
    /// Adds a key. The same key again takes the place of the earlier; another key that happens to
    /// have its short name (one chance in four thousand million) is refused.
    pub fn add(&mut self, key: TrustedKey) -> Result<()> {
        let id = key.public_key.id();
        match self.0.get(&id) {
            Some(known) if known.public_key != key.public_key => {
                Err(Error::internal(format!("two keys with one short name {id}: make a new key")))
            }
            _ => {
                self.0.insert(id, key);
                Ok(())
            }
        }
    }

    /// The key of this name.
    pub fn get(&self, id: KeyId) -> Option<&TrustedKey> {
        self.0.get(&id)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For publishing: what a browser needs to check a code by itself.
    pub fn to_json(&self) -> Result<String> {
        let keys = self.0.iter().map(|(id, key)| PublishedKey {
            kid: id.to_string(),
            key: key.public_key.to_jwk(),
            name: key.name.clone(),
            from: key.from.to_string(),
            until: key.until.to_string(),
        });
        serde_json::to_string(&KeySet { keys: keys.collect() }).map_err(Error::internal)
    }

    /// Reads what another office published.
    pub fn from_json(json: &str) -> Result<TrustedKeys> {
        let set: KeySet = serde_json::from_str(json).map_err(Error::internal)?;
        let mut keys = TrustedKeys::default();
        for published in set.keys {
            let day = |text: &str| text.parse::<Date>().map_err(Error::internal);
            let key = TrustedKey {
                public_key: PublicKey::from_jwk(&published.key)?,
                name: published.name,
                from: day(&published.from)?,
                until: day(&published.until)?,
            };
            if key.public_key.id().to_string() != published.kid {
                return Err(Error::internal("a published key under a wrong name"));
            }
            keys.add(key)?;
        }
        Ok(keys)
    }
}

#[derive(Serialize, Deserialize)]
struct KeySet {
    keys: Vec<PublishedKey>,
}

#[derive(Serialize, Deserialize)]
struct PublishedKey {
    kid: String,
    #[serde(flatten)]
    key: Jwk,
    name: String,
    from: String,
    until: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn published_keys_are_read_back() {
        let mut keys = TrustedKeys::default();
        for _ in 0..3 {
            keys.add(TrustedKey::of(testing::officer().certificate()).unwrap()).unwrap();
        }
        let json = keys.to_json().unwrap();
        assert!(json.contains("\"kty\":\"EC\",\"crv\":\"P-256\""), "{json}");
        assert_eq!(TrustedKeys::from_json(&json).unwrap(), keys);
        assert_eq!(keys.len(), 3);
    }

    #[test]
    fn a_key_published_under_a_wrong_name_is_refused() {
        let key = TrustedKey::of(testing::officer().certificate()).unwrap();
        let id = key.public_key.id().to_string();
        let mut keys = TrustedKeys::default();
        keys.add(key).unwrap();
        let json = keys.to_json().unwrap().replace(&id, "00000000");
        assert!(TrustedKeys::from_json(&json).is_err());
        assert!(TrustedKeys::from_json("{}").is_err());
    }

    #[test]
    fn a_key_added_again_with_an_earlier_end_is_withdrawn() {
        let key = TrustedKey::of(testing::officer().certificate()).unwrap();
        let mut keys = TrustedKeys::default();
        keys.add(key.clone()).unwrap();
        let withdrawn = TrustedKey { until: jiff::civil::date(2026, 12, 1), ..key };
        keys.add(withdrawn.clone()).unwrap();
        assert_eq!(keys.get(withdrawn.public_key.id()), Some(&withdrawn));
    }
}
