//! What processes cost: memory and CPU time, from `/proc`.

use std::collections::BTreeMap;

/// Linux counts CPU time in hundredths of a second on every machine that we run on.
const TICKS_A_SECOND: f64 = 100.0;

/// A process and all that it started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tree(pub(crate) u32);

impl Tree {
    /// Resident memory in MiB. Pages shared between several processes are counted in each.
    pub(crate) fn memory_mib(self) -> f64 {
        let kib: u64 = self.members().iter().filter_map(|pid| resident_kib(*pid)).sum();
        kib as f64 / 1024.0
    }

    /// CPU time used so far, in seconds: of the living processes, and of the ended children of each.
    pub(crate) fn cpu_seconds(self) -> f64 {
        let ticks: u64 = self.members().iter().filter_map(|pid| Some(stat(*pid)?.ticks)).sum();
        ticks as f64 / TICKS_A_SECOND
    }

    /// CPU time of the first process alone, in seconds.
    pub(crate) fn own_cpu_seconds(self) -> f64 {
        stat(self.0).map_or(0.0, |stat| stat.own_ticks as f64 / TICKS_A_SECOND)
    }

    fn members(self) -> Vec<u32> {
        let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for pid in all() {
            if let Some(stat) = stat(pid) {
                children.entry(stat.parent).or_default().push(pid);
            }
        }
        let mut members = vec![self.0];
        let mut next = 0;
        while let Some(pid) = members.get(next).copied() {
            members.extend(children.get(&pid).into_iter().flatten());
            next += 1;
        }
        members
    }
}

/// The process that started this one.
pub(crate) fn parent(pid: u32) -> Option<u32> {
    Some(stat(pid)?.parent)
}

fn all() -> Vec<u32> {
    let Ok(folder) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    folder.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

struct Stat {
    parent: u32,
    own_ticks: u64,
    /// With those of children that ended.
    ticks: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    parse_stat(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

fn parse_stat(text: &str) -> Option<Stat> {
    // The name in parentheses may hold spaces: fields are counted after it.
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    let own_ticks = number(11)? + number(12)?;
    Some(Stat {
        parent: u32::try_from(number(1)?).ok()?,
        own_ticks,
        ticks: own_ticks + number(13)? + number(14)?,
    })
}

fn resident_kib(pid: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_does_not_shift_the_fields() {
        let text = "7 (a b) c) S 3 7 7 0 -1 4 1 1 0 0 10 20 3 4 20 0 1 0 99 1 1";
        let stat = parse_stat(text).unwrap();
        assert_eq!((stat.parent, stat.own_ticks, stat.ticks), (3, 30, 37));
    }

    #[test]
    fn this_process_is_there_and_has_memory() {
        assert!(Tree(std::process::id()).memory_mib() > 0.5);
    }
}
