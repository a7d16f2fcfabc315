//! Hash chains: every event and every logged read carries the hash of the one before it, so that an
//! edit, a gap or a cut-off end is found by anyone who recomputes them.

use kernel::error::Result;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::tx::Tx;
use crate::value::Value;

/// Names of the two chains.
pub(crate) const EVENTS: &str = "event";
pub(crate) const READS: &str = "access_log";

/// The end of a chain: the last number and its hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Number of the last link; 0 when the chain is empty.
    pub seq: i64,
    /// SHA-256 of the last link; 32 zero bytes when the chain is empty.
    pub hash: [u8; 32],
}

/// Both ends, as they stand inside a commit group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chains {
    pub(crate) events: Head,
    pub(crate) reads: Head,
}

impl Head {
    /// The next link over these parts; each part is preceded by its length, so that moving a byte
    /// from one part to the next changes the hash.
    pub(crate) fn extend(&mut self, parts: &[&[u8]]) -> (i64, [u8; 32]) {
        self.seq += 1;
        self.hash = link(&self.hash, self.seq, parts);
        (self.seq, self.hash)
    }
}

fn link(previous: &[u8; 32], seq: i64, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    hasher.update(seq.to_be_bytes());
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Reads both ends at the start of a group; on PostgreSQL this locks them, so that groups of
/// several processes take turns and numbers stay gapless.
pub(crate) fn lock_heads(tx: &mut Tx<'_>) -> Result<Chains> {
    const SQLITE: &str = "SELECT name, seq, hash FROM chain ORDER BY name";
    const POSTGRES: &str = "SELECT name, seq, hash FROM chain ORDER BY name FOR UPDATE";
    let sql = if tx.is_postgres() { POSTGRES } else { SQLITE };
    let mut chains = Chains::default();
    for mut row in tx.query(sql, vec![])? {
        let name = row.text(0)?;
        let head = Head { seq: row.int(1)?, hash: bytes32(&row.blob(2)?) };
        match name.as_str() {
            EVENTS => chains.events = head,
            READS => chains.reads = head,
            _ => {}
        }
    }
    Ok(chains)
}

/// Queues the ends that moved, as part of the group's transaction.
pub(crate) fn save_heads(tx: &mut Tx<'_>, before: &Chains) {
    let after = tx.chains.clone();
    for (name, old, new) in
        [(EVENTS, &before.events, &after.events), (READS, &before.reads, &after.reads)]
    {
        if old != new {
            tx.write(
                "UPDATE chain SET seq = ?2, hash = ?3 WHERE name = ?1",
                vec![name.into(), new.seq.into(), new.hash.into()],
            );
        }
    }
}

/// What `tuphap audit verify` finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Is every link in place?
    pub ok: bool,
    /// Links checked, over both chains.
    pub events: i64,
    /// The first bad link, `event:17` or `access_log:3`.
    pub first_bad: Option<String>,
    /// What is wrong with it, in English for the operator.
    pub reason: Option<String>,
}

/// An end noted elsewhere earlier (a signed, off-site record): the chain must still pass through it.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// Which chain.
    pub chain: String,
    /// The end at that time.
    pub head: Head,
}

const PAGE: i64 = 5_000;

/// Recomputes both chains from the first link to the last and compares the ends with the stored
/// ones and with the anchors.
///
/// # Errors
/// When the database cannot be read.
pub fn verify(tx: &mut Tx<'_>, anchors: &[Anchor]) -> Result<Verdict> {
    // The ends are read first: links written meanwhile lie beyond them and are left out.
    let heads = read_heads(tx)?;
    let mut checked = 0;
    for (name, head) in [(EVENTS, heads.events), (READS, heads.reads)] {
        let anchors: Vec<&Anchor> = anchors.iter().filter(|anchor| anchor.chain == name).collect();
        match verify_one(tx, name, &head, &anchors)? {
            Ok(count) => checked += count,
            Err((seq, reason)) => {
                return Ok(Verdict {
                    ok: false,
                    events: checked + seq,
                    first_bad: Some(format!("{name}:{seq}")),
                    reason: Some(reason),
                });
            }
        }
    }
    Ok(Verdict { ok: true, events: checked, first_bad: None, reason: None })
}

/// Both ends as stored.
///
/// # Errors
/// When the database cannot be read.
pub fn heads(tx: &mut Tx<'_>) -> Result<Vec<Anchor>> {
    let chains = read_heads(tx)?;
    Ok(vec![
        Anchor { chain: EVENTS.to_owned(), head: chains.events },
        Anchor { chain: READS.to_owned(), head: chains.reads },
    ])
}

fn read_heads(tx: &mut Tx<'_>) -> Result<Chains> {
    let mut chains = Chains::default();
    for mut row in tx.query("SELECT name, seq, hash FROM chain ORDER BY name", vec![])? {
        let name = row.text(0)?;
        let head = Head { seq: row.int(1)?, hash: bytes32(&row.blob(2)?) };
        if name == EVENTS {
            chains.events = head;
        } else {
            chains.reads = head;
        }
    }
    Ok(chains)
}

type Bad = (i64, String);

fn verify_one(
    tx: &mut Tx<'_>,
    name: &str,
    end: &Head,
    anchors: &[&Anchor],
) -> Result<std::result::Result<i64, Bad>> {
    let mut head = Head::default();
    if let Some(beyond) = anchors.iter().find(|anchor| anchor.head.seq > end.seq) {
        let reason = format!("chain was cut: {} links were witnessed", beyond.head.seq);
        return Ok(Err((end.seq + 1, reason)));
    }
    while head.seq < end.seq {
        let links = page(tx, name, head.seq)?;
        if links.is_empty() {
            return Ok(Err((head.seq + 1, "links are missing at the end".to_owned())));
        }
        for found in links {
            if found.seq > end.seq {
                // Written after the end was read.
                break;
            }
            if found.seq != head.seq + 1 {
                return Ok(Err((head.seq + 1, "a link is missing".to_owned())));
            }
            let parts: Vec<&[u8]> = found.parts.iter().map(Vec::as_slice).collect();
            let (seq, hash) = head.extend(&parts);
            if hash[..] != found.hash[..] {
                return Ok(Err((seq, "content does not match its hash".to_owned())));
            }
            if anchors.iter().any(|anchor| anchor.head.seq == seq && anchor.head.hash != hash) {
                return Ok(Err((seq, "differs from the witnessed end".to_owned())));
            }
        }
    }
    if head.hash != end.hash {
        return Ok(Err((head.seq, "the stored end does not match".to_owned())));
    }
    let extra = match name {
        EVENTS => tx.query_one("SELECT count(*) FROM event WHERE seq < 1", vec![])?,
        _ => tx.query_one("SELECT count(*) FROM access_log WHERE seq < 1", vec![])?,
    };
    match extra.map(|mut row| row.int(0)).transpose()? {
        Some(0) | None => Ok(Ok(head.seq)),
        Some(_) => Ok(Err((0, "a link stands outside the chain".to_owned()))),
    }
}

struct Link {
    seq: i64,
    parts: Vec<Vec<u8>>,
    hash: Vec<u8>,
}

fn page(tx: &mut Tx<'_>, name: &str, after: i64) -> Result<Vec<Link>> {
    const EVENT_PAGE: &str = "SELECT seq, hash, at, stream, stream_id, kind, actor, body FROM event \
        WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    const READ_PAGE: &str = "SELECT seq, hash, at, actor, record, record_id, purpose \
        FROM access_log WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    let params: Vec<Value> = vec![after.into(), PAGE.into()];
    let rows = match name {
        EVENTS => tx.query(EVENT_PAGE, params)?,
        _ => tx.query(READ_PAGE, params)?,
    };
    rows.into_iter()
        .map(|mut row| {
            let (seq, hash) = (row.int(0)?, row.blob(1)?);
            let parts = if name == EVENTS {
                event_parts(
                    row.int(2)?,
                    &row.text(3)?,
                    row.int(4)?,
                    &row.text(5)?,
                    row.optional_int(6)?,
                    &row.text(7)?,
                )
            } else {
                read_parts(row.int(2)?, row.int(3)?, &row.text(4)?, row.int(5)?, &row.text(6)?)
            };
            Ok(Link { seq, parts, hash })
        })
        .collect()
}

pub(crate) fn event_parts(
    at: i64,
    stream: &str,
    stream_id: i64,
    kind: &str,
    actor: Option<i64>,
    body: &str,
) -> Vec<Vec<u8>> {
    vec![
        at.to_be_bytes().to_vec(),
        stream.as_bytes().to_vec(),
        stream_id.to_be_bytes().to_vec(),
        kind.as_bytes().to_vec(),
        actor.map_or_else(Vec::new, |actor| actor.to_be_bytes().to_vec()),
        body.as_bytes().to_vec(),
    ]
}

pub(crate) fn read_parts(
    at: i64,
    actor: i64,
    record: &str,
    record_id: i64,
    purpose: &str,
) -> Vec<Vec<u8>> {
    vec![
        at.to_be_bytes().to_vec(),
        actor.to_be_bytes().to_vec(),
        record.as_bytes().to_vec(),
        record_id.to_be_bytes().to_vec(),
        purpose.as_bytes().to_vec(),
    ]
}

fn bytes32(bytes: &[u8]) -> [u8; 32] {
    bytes.try_into().unwrap_or([0; 32])
}
