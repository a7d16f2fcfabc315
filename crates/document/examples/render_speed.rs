//! Certificates a second: `cargo run -p document --example render_speed -- [count] [threads]`.
//!
//! Renders the birth certificate of the national pack, each with other data and another QR code, and
//! prints rates and times. One thread unless told otherwise.

mod shared;

use std::time::{Duration, Instant};

use document::pdf::Renderer;
use jiff::civil::date;

const TEMPLATE: &str = "procedures/birth-registration/birth-certificate.typ";

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let argument = |index: usize, otherwise: u32| {
        std::env::args().nth(index).map_or(Ok(otherwise), |text| text.parse())
    };
    let (count, threads) = (argument(1, 200)?, argument(2, 1)?);
    let started = Instant::now();
    let renderer = Renderer::new(shared::templates()?, shared::fonts()?)?;
    println!("ready after {:.1?}", started.elapsed());

    let started = Instant::now();
    let made = std::thread::scope(|scope| {
        let renderer = &renderer;
        let workers: Vec<_> = (0..threads)
            .map(|worker| scope.spawn(move || work(renderer, worker * count, count)))
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_default()).collect::<Vec<_>>()
    });
    let elapsed = started.elapsed();
    let mut times: Vec<Duration> = made.into_iter().flatten().collect();
    let done = u32::try_from(times.len())?;
    let first = times.first().copied().unwrap_or_default();
    times.sort();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    println!("{done} certificates, {:.1}/s", f64::from(done) / elapsed.as_secs_f64());
    println!("first {first:.1?}, median {:.1?}, 99 % {:.1?}", at(50), at(99));
    if done < count * threads {
        return Err("some certificates could not be made".into());
    }
    Ok(())
}

/// Times of certificates; stops at the first that fails.
#[allow(clippy::print_stderr)]
fn work(renderer: &Renderer, from: u32, count: u32) -> Vec<Duration> {
    let mut times = Vec::new();
    for number in from..from + count {
        let data = shared::birth(number);
        let link = shared::link(number);
        let started = Instant::now();
        let made = document::qr::svg(&link).and_then(|qr| {
            let files = [("qr.svg", qr.into_bytes())];
            Ok(renderer.render(TEMPLATE, &data, &files, date(2026, 11, 5))?)
        });
        times.push(started.elapsed());
        if let Err(error) = made {
            eprintln!("{error}");
            break;
        }
    }
    times
}
