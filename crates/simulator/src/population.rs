//! The database itself.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use exchange::{
    ChildIdentity, ExchangeError, ExchangePurpose, PersonRecord, PopulationDatabase,
    PopulationEvent,
};
use kernel::person_number::PersonNumber;
use kernel::problem::{Problem, Problems};

use crate::demo::{DemoResidents, Place};
use crate::faults::Faults;
use crate::generate::generate;
use crate::journal::Journal;
use crate::state::{State, Verdict};

/// How many questions are remembered.
const QUESTIONS_KEPT: usize = 1_000;
/// The file in the folder given.
const FILE: &str = "population.jsonl";

/// The simulated population database. Safe to use from any thread, and from several processes on
/// one folder.
pub struct Population {
    inner: Mutex<Inner>,
    faults: RwLock<Faults>,
    questions: Mutex<VecDeque<Question>>,
}

struct Inner {
    state: State,
    /// Absent when everything is in memory.
    journal: Option<Journal>,
}

/// A question that was asked, as the other side's own log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// About whom.
    pub number: PersonNumber,
    /// Why.
    pub purpose: ExchangePurpose,
}

impl Population {
    /// Makes the people, then replays what happened since, from `folder` (created if missing) or,
    /// without one, starting afresh in memory. People live in those of `places` that are in the
    /// province of the data.
    ///
    /// # Errors
    ///
    /// What is wrong with the data, or that the folder cannot be used.
    pub fn open(
        folder: Option<&Path>,
        data: DemoResidents,
        places: impl IntoIterator<Item = Place>,
    ) -> Result<Self, Problems> {
        let mut faults = data.faults();
        let places: Vec<Place> =
            places.into_iter().filter(|place| place.province == data.province).collect();
        if places.is_empty() || places.len() > usize::from(u16::MAX) {
            let message = format!("Không có xã, phường nào của tỉnh mã {}.", data.province);
            faults.push(Problem::new("residents.places", "province", message));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let journal = folder.map(open_journal).transpose().map_err(|error| unusable(&error))?;
        let mut inner = Inner { state: State::new(generate(data, places)), journal };
        inner.catch_up().map_err(|error| unusable(&error))?;
        Ok(Self {
            inner: Mutex::new(inner),
            faults: RwLock::default(),
            questions: Mutex::default(),
        })
    }

    /// What is being made to go wrong.
    pub fn faults(&self) -> Faults {
        self.faults.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes things go wrong, or right again, from the next call on.
    pub fn set_faults(&self, faults: Faults) {
        *self.faults.write().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// The latest questions, oldest first: at most 1,000.
    pub fn questions(&self) -> Vec<Question> {
        self.questions.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// The numbers of everybody, for tests and load: the people of the pack and children numbered
    /// since, in order of number, then those made, in the order in which they were made.
    pub fn numbers(&self) -> Vec<PersonNumber> {
        self.inner().state.numbers()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // The state changes in whole steps, so a panic elsewhere leaves it sound.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, number: &PersonNumber, purpose: &ExchangePurpose) {
        let mut questions = self.questions.lock().unwrap_or_else(PoisonError::into_inner);
        if questions.len() == QUESTIONS_KEPT {
            questions.pop_front();
        }
        questions.push_back(Question { number: *number, purpose: purpose.clone() });
    }

    /// A change, with everything that can go wrong on the way there and back.
    fn change<T>(
        &self,
        judge: impl Fn(&State) -> Result<Verdict<T>, ExchangeError>,
    ) -> Result<T, ExchangeError> {
        let faults = self.faults();
        faults.before()?;
        let mut answer = self.inner().make(&judge)?;
        for _ in 1..faults.deliveries() {
            answer = self.inner().make(&judge)?;
        }
        faults.after(answer)
    }
}

impl PopulationDatabase for Population {
    fn find(
        &self,
        number: &PersonNumber,
        purpose: &ExchangePurpose,
    ) -> Result<Option<PersonRecord>, ExchangeError> {
        let faults = self.faults();
        faults.before()?;
        if purpose.reason.trim().is_empty() {
            let reason = "Chưa nêu mục đích khai thác dữ liệu dân cư.".to_owned();
            return Err(ExchangeError::Refused(reason));
        }
        self.remember(number, purpose);
        let mut inner = self.inner();
        inner.catch_up().map_err(|error| out_of_order(&error))?;
        let found = inner.state.find(number);
        drop(inner);
        faults.after(found)
    }

    fn request_personal_number(
        &self,
        key: &str,
        child: &ChildIdentity,
    ) -> Result<PersonNumber, ExchangeError> {
        self.change(|state| state.judge_child(key, child))
    }

    fn report_event(&self, key: &str, event: &PopulationEvent) -> Result<(), ExchangeError> {
        self.change(|state| state.judge_event(key, event))
    }
}

impl Inner {
    /// Reads what other processes have written since.
    fn catch_up(&mut self) -> io::Result<()> {
        let Some(journal) = &mut self.journal else {
            return Ok(());
        };
        if !journal.has_news()? {
            return Ok(());
        }
        for change in journal.locked(Journal::news)? {
            self.state.apply(change);
        }
        Ok(())
    }

    /// Judges and, if there is something to change, writes it down and carries it out.
    fn make<T>(
        &mut self,
        judge: impl Fn(&State) -> Result<Verdict<T>, ExchangeError>,
    ) -> Result<T, ExchangeError> {
        let state = &mut self.state;
        let Some(journal) = &mut self.journal else {
            return judge(state).map(|verdict| carry_out(state, verdict));
        };
        let outcome = journal.locked(|journal| {
            for change in journal.news()? {
                state.apply(change);
            }
            let verdict = judge(state);
            if let Ok(Verdict { change: Some(change), .. }) = &verdict {
                journal.append(change)?;
            }
            Ok(verdict)
        });
        match outcome {
            Ok(verdict) => verdict.map(|verdict| carry_out(state, verdict)),
            Err(error) => Err(out_of_order(&error)),
        }
    }
}

fn carry_out<T>(state: &mut State, verdict: Verdict<T>) -> T {
    if let Some(change) = verdict.change {
        state.apply(change);
    }
    verdict.answer
}

fn open_journal(folder: &Path) -> io::Result<Journal> {
    fs::create_dir_all(folder)?;
    Journal::open(&folder.join(FILE))
}

fn out_of_order(error: &io::Error) -> ExchangeError {
    ExchangeError::Unavailable(format!("simulator's file: {error}"))
}

fn unusable(error: &io::Error) -> Problems {
    let message = format!("Không dùng được thư mục dữ liệu dân cư mô phỏng ({}).", error.kind());
    vec![Problem::new("residents.folder", "", message)]
}
