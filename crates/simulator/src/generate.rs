//! Families over three generations, from a seed.
//!
//! Founding couples come from nowhere. Their grown children marry each other across families, have
//! children in turn, and so on until there are enough people; so most people have parents and
//! grandparents in the data, as the procedures need them. The rates below are rough readings of
//! ordinary life in the Mekong delta, not statistics.

use std::collections::{HashSet, VecDeque};

use exchange::MaritalStatus;
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::demo::{DemoResidents, Place, Weighted};
use crate::random::Random;
use crate::residents::{Home, Ref, Resident, Residents};

/// Ages of founding husbands in years.
const FOUNDER_AGES: (i32, i32) = (44, 80);
/// Youngest ages for marriage: Luật Hôn nhân và gia đình 2014, Điều 8.
const MARRIAGE_AGES: (i16, i16) = (20, 18);
/// So many candidates wait before couples are formed, for a choice of ages.
const CANDIDATES: usize = 40;

/// Makes the people. The data must be sound (`DemoResidents::faults`), and there must be a place.
pub(crate) fn generate(data: DemoResidents, places: Vec<Place>) -> Residents {
    let taken = data.residents.iter().filter_map(|p| p.number.as_str().parse().ok()).collect();
    let mut families = Families {
        random: Random::new(data.seed),
        places: &places,
        data: &data,
        people: Vec::with_capacity(data.count as usize + 16),
        homes: Vec::new(),
        taken,
        men: VecDeque::new(),
        women: VecDeque::new(),
    };
    let wanted = if places.is_empty() { 0 } else { data.count as usize };
    while families.people.len() < wanted {
        families.found();
        while families.people.len() < wanted && families.marry() {}
    }
    let Families { people, homes, .. } = families;
    Residents::new(data, places, people, homes)
}

struct Families<'a> {
    random: Random,
    data: &'a DemoResidents,
    places: &'a [Place],
    people: Vec<Resident>,
    homes: Vec<Home>,
    taken: HashSet<u64>,
    /// Grown, single and willing, in the order in which they were born into the data.
    men: VecDeque<usize>,
    women: VecDeque<usize>,
}

impl Families<'_> {
    /// A couple without known parents, and their children. Sometimes a mother alone.
    fn found(&mut self) {
        let home = self.move_into(None);
        let age = self.random.between(FOUNDER_AGES.0, FOUNDER_AGES.1);
        let husband_birth = self.day_years_ago(age);
        let gap = self.random.between(-7, 3);
        let wife_birth = self.day_years_ago(age + gap);
        let wife = self.settle(wife_birth, false, home);
        if self.random.permille(30) {
            self.have_children(Ref::NOBODY, Ref::to(wife), home);
            return;
        }
        let husband = self.settle(husband_birth, true, home);
        self.join(husband, wife, home);
    }

    /// Forms one couple if enough people wait. False if not.
    fn marry(&mut self) -> bool {
        if self.men.len() < CANDIDATES || self.women.len() < CANDIDATES {
            return false;
        }
        let Some(man) = self.men.pop_front() else {
            return false;
        };
        let chosen = (0..CANDIDATES)
            .find(|position| self.women.get(*position).is_some_and(|woman| self.suit(man, *woman)));
        // Nobody suits: he stays single.
        let Some(woman) = chosen.and_then(|position| self.women.remove(position)) else {
            return true;
        };
        let home = if self.random.permille(250) {
            self.people.get(man).map_or(0, |person| person.home)
        } else {
            let from = if self.random.permille(800) { man } else { woman };
            self.move_into(Some(from))
        };
        for partner in [man, woman] {
            if let Some(person) = self.people.get_mut(partner) {
                person.home = home;
            }
        }
        self.join(man, woman, home);
        true
    }

    fn suit(&self, man: usize, woman: usize) -> bool {
        let (Some(man), Some(woman)) = (self.people.get(man), self.people.get(woman)) else {
            return false;
        };
        let years_older = i32::from(woman.birth.year()) - i32::from(man.birth.year());
        let related = man.mother == woman.mother
            || (man.father != Ref::NOBODY && man.father == woman.father)
            || self.grandparents(man).any(|one| self.grandparents(woman).any(|other| one == other));
        (-4..=10).contains(&years_older) && !related
    }

    fn grandparents<'b>(&'b self, person: &'b Resident) -> impl Iterator<Item = Ref> + 'b {
        [person.father, person.mother]
            .into_iter()
            .filter_map(|parent| self.people.get(parent.index()?))
            .flat_map(|parent| [parent.father, parent.mother])
            .filter(|grandparent| *grandparent != Ref::NOBODY)
    }

    /// Two people become a couple; children come; some couples part, some are parted by death.
    fn join(&mut self, husband: usize, wife: usize, home: u32) {
        self.have_children(Ref::to(husband), Ref::to(wife), home);
        if self.random.permille(40) {
            self.set_status(husband, Ref::NOBODY, MaritalStatus::Divorced);
            self.set_status(wife, Ref::NOBODY, MaritalStatus::Divorced);
            return;
        }
        self.set_status(husband, Ref::to(wife), MaritalStatus::Married);
        self.set_status(wife, Ref::to(husband), MaritalStatus::Married);
        let husband_died = self.maybe_die(husband);
        let wife_died = self.maybe_die(wife);
        for (dead, survivor, other) in
            [(husband_died, wife, wife_died), (wife_died, husband, husband_died)]
        {
            if dead && !other {
                self.set_status(survivor, Ref::NOBODY, MaritalStatus::Widowed);
            }
        }
    }

    fn set_status(&mut self, person: usize, spouse: Ref, status: MaritalStatus) {
        if let Some(person) = self.people.get_mut(person) {
            person.spouse = spouse;
            person.status = status;
        }
    }

    /// Old people have died in the last years, the older the likelier.
    fn maybe_die(&mut self, person: usize) -> bool {
        let Some(resident) = self.people.get(person) else {
            return false;
        };
        let age = self.age(resident.birth);
        let chance = usize::try_from((age - 55).max(0)).unwrap_or(0) * 9;
        let back = self.random.between(1, 15 * 365);
        let died_on = plus_days(self.data.as_of, -back);
        let youngest = self
            .people
            .iter()
            .rev()
            .take(64)
            .filter(|child| child.father == Ref::to(person) || child.mother == Ref::to(person));
        let after_children = youngest.map(|child| child.birth).max();
        let dies = self.random.permille(chance) && after_children.is_none_or(|born| born < died_on);
        if dies && let Some(resident) = self.people.get_mut(person) {
            resident.death = Some(died_on);
        }
        dies
    }

    /// The children of a mother, by a father or not.
    fn have_children(&mut self, father: Ref, mother: Ref, home: u32) {
        let Some(birth) = mother.index().and_then(|index| self.people.get(index)).map(|m| m.birth)
        else {
            return;
        };
        let (fewest, most) = match birth.year() {
            ..=1959 => (2, 5),
            1960..=1974 => (1, 4),
            _ => (1, 3),
        };
        let latest = plus_days(birth, 42 * 365);
        // A father's age counts too: nobody is a father before twenty.
        let father_birth = father.index().and_then(|index| self.people.get(index)).map(|f| f.birth);
        let first = father_birth.map_or(birth, |born| born.max(birth));
        let mut day = plus_days(first, self.random.between(20 * 365, 29 * 365));
        for _ in 0..self.random.between(fewest, most) {
            if day > self.data.as_of || day > latest {
                return;
            }
            self.bear(day, father, mother, home);
            day = plus_days(day, self.random.between(420, 5 * 365));
        }
    }

    fn bear(&mut self, day: Date, father: Ref, mother: Ref, home: u32) {
        let is_male = self.random.permille(525);
        let child = self.settle(day, is_male, home);
        let known = |reference: Ref| reference.index().and_then(|index| self.people.get(index));
        let named_after = known(father).or_else(|| known(mother));
        let inherited = named_after.map(|parent| (parent.family, parent.ethnicity));
        let elder_names: Vec<(u16, u16)> = self
            .people
            .iter()
            .rev()
            .skip(1)
            .take(8)
            .filter(|other| other.mother == mother && other.is_male == is_male)
            .map(|other| (other.middle, other.given))
            .collect();
        let namesake = if is_male { known(father) } else { known(mother) };
        let avoided = namesake.map(|parent| parent.given);
        let grown = self.is_grown(day, is_male);
        let mut name = self.first_names(day, is_male);
        // No child is called like a brother or sister, or like the parent of its sex.
        for _ in 0..8 {
            if elder_names.contains(&name) || Some(name.1) == avoided {
                name = self.first_names(day, is_male);
            }
        }
        if let Some(person) = self.people.get_mut(child) {
            (person.father, person.mother) = (father, mother);
            (person.middle, person.given) = name;
            if let Some((family, ethnicity)) = inherited {
                (person.family, person.ethnicity) = (family, ethnicity);
            }
        }
        if grown && self.is_willing(day) {
            if is_male { self.men.push_back(child) } else { self.women.push_back(child) }
        }
    }

    fn is_grown(&self, birth: Date, is_male: bool) -> bool {
        let years = if is_male { MARRIAGE_AGES.0 } else { MARRIAGE_AGES.1 };
        birth.saturating_add(i64::from(years).years()) <= self.data.as_of
    }

    /// The young marry later and later.
    fn is_willing(&mut self, birth: Date) -> bool {
        let chance = match self.age(birth) {
            ..=21 => 80,
            22..=25 => 350,
            26..=29 => 700,
            _ => 930,
        };
        self.random.permille(chance)
    }

    /// A new person with a number, a name and a home, and nobody else yet.
    fn settle(&mut self, birth: Date, is_male: bool, home: u32) -> usize {
        let number = self.number(birth, is_male);
        let (middle, given) = self.first_names(birth, is_male);
        let family = pick(&mut self.random, &self.data.names.family);
        let ethnicity = pick(&mut self.random, &self.data.ethnicities);
        self.people.push(Resident {
            number,
            birth,
            death: None,
            family,
            middle,
            given,
            ethnicity,
            is_male,
            status: MaritalStatus::NeverMarried,
            home,
            father: Ref::NOBODY,
            mother: Ref::NOBODY,
            spouse: Ref::NOBODY,
        });
        self.people.len() - 1
    }

    /// Middle and given name. The old custom ("Văn", "Thị") is commoner the older the person.
    fn first_names(&mut self, birth: Date, is_male: bool) -> (u16, u16) {
        let names = &self.data.names;
        let (middles, givens) = if is_male {
            (&names.male_middle, &names.male_given)
        } else {
            (&names.female_middle, &names.female_given)
        };
        let custom = match birth.year() {
            ..=1969 => 750,
            1970..=1989 => 550,
            1990..=2004 => 250,
            _ => 60,
        };
        let middle = if self.random.permille(custom) { 0 } else { pick(&mut self.random, middles) };
        (middle, position(self.random.below(givens.len())))
    }

    /// A free number `PPP G YY RRRRRR`.
    fn number(&mut self, birth: Date, is_male: bool) -> u64 {
        loop {
            let prefix = pick(&mut self.random, &self.data.number_prefixes);
            let prefix = self.data.number_prefixes.get(usize::from(prefix));
            let digits = prefix.and_then(|weighted| weighted.0.parse().ok()).unwrap_or(0);
            let number = number_of(digits, birth, is_male, self.random.below(1_000_000) as u64);
            if self.taken.insert(number) {
                return number;
            }
        }
    }

    /// A new home, in the commune of somebody or anywhere.
    fn move_into(&mut self, near: Option<usize>) -> u32 {
        let neighbour = near
            .and_then(|person| self.people.get(person))
            .and_then(|person| self.homes.get(person.home as usize));
        let place = match neighbour {
            Some(home) => home.place,
            None => position(self.random.below(self.places.len())),
        };
        let is_ward = self.places.get(usize::from(place)).is_some_and(|place| place.is_ward);
        let streets = if is_ward { &self.data.streets } else { &self.data.hamlets };
        let home = Home {
            place,
            street: position(self.random.below(streets.len())),
            house: position(1 + self.random.below(400)),
        };
        self.homes.push(home);
        u32::try_from(self.homes.len() - 1).unwrap_or(0)
    }

    fn day_years_ago(&mut self, years: i32) -> Date {
        let days = years * 365 + years / 4 + self.random.between(0, 364);
        plus_days(self.data.as_of, -days)
    }

    fn age(&self, birth: Date) -> i32 {
        i32::from(self.data.as_of.year()) - i32::from(birth.year())
    }
}

/// The number's shape: place, century and sex, year, six digits.
pub(crate) fn number_of(prefix: u64, birth: Date, is_male: bool, serial: u64) -> u64 {
    let year = u64::try_from(birth.year()).unwrap_or(1900).max(1900);
    // 0 and 1 for 1900–1999, 2 and 3 for 2000–2099; ten digits last until 2399.
    let century = ((year / 100).saturating_sub(19) * 2) % 10 + u64::from(!is_male);
    ((prefix * 10 + century) * 100 + year % 100) * 1_000_000 + serial % 1_000_000
}

fn pick(random: &mut Random, list: &[Weighted]) -> u16 {
    let total: u64 = list.iter().map(|weighted| u64::from(weighted.1)).sum();
    let mut drawn = random.below(usize::try_from(total).unwrap_or(usize::MAX)) as u64;
    for (place, weighted) in list.iter().enumerate() {
        let weight = u64::from(weighted.1);
        if drawn < weight {
            return position(place);
        }
        drawn -= weight;
    }
    0
}

/// Lists are checked to be shorter than this.
fn position(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(0)
}

fn plus_days(day: Date, days: i32) -> Date {
    day.saturating_add(i64::from(days).days())
}
