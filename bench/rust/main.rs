// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loops of ward_bench over Rust's std. Prints a line for each: its name and nanoseconds for one operation.
//
//   ward_bench_rust [--min-time=SECONDS] [NAME...]     all of them, or those whose names begin so

use std::hint::black_box;
use std::rc::Rc;
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Arc, Barrier, Mutex, OnceLock, RwLock};
use std::thread;
use std::time::{Duration, Instant};

// As in together.h.
const LOCK_OPERATIONS: usize = 500_000;
const CHANNEL_OPERATIONS: usize = 200_000;
const WRITE_EVERY: usize = 100;
const BOUND: usize = 128;
const REPEATS: u32 = 2;

/// The processor time that this thread has had, where the system tells it; else the time of day.
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
fn own_time() -> Duration {
    #[repr(C)]
    struct Timespec {
        seconds: i64,
        nanoseconds: i64,
    }
    extern "C" {
        fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
    }
    const CLOCK_THREAD_CPUTIME_ID: i32 = 3;
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    // SAFETY: `time` is a timespec as this ABI has it, and lives through the call.
    let status = unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(status, 0);
    Duration::new(time.seconds as u64, time.nanoseconds as u32)
}
#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
fn own_time() -> Duration {
    real_time()
}

fn real_time() -> Duration {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    BEGIN.get_or_init(Instant::now).elapsed()
}

/// Nanoseconds of `clock` for one call: more and more calls until they take `min_time`, as Google Benchmark does.
fn alone(clock: fn() -> Duration, min_time: Duration, mut work: impl FnMut()) -> f64 {
    let mut calls: u64 = 1;
    loop {
        let begin = clock();
        for _ in 0..calls {
            work();
        }
        let spent = clock() - begin;
        if spent >= min_time {
            return spent.as_nanos() as f64 / calls as f64;
        }
        let wanted = 1.4 * min_time.as_secs_f64() / spent.as_secs_f64().max(1e-9);
        calls = (calls as f64 * wanted.clamp(2.0, 10.0)) as u64;
    }
}

/// Nanoseconds from the first thread's start to the last one's end.
fn together(threads: usize, work: impl Fn(usize) + Sync) -> f64 {
    let start = Barrier::new(threads);
    let spans: Vec<(Instant, Instant)> = thread::scope(|s| {
        let running: Vec<_> = (0..threads)
            .map(|i| {
                let (start, work) = (&start, &work);
                s.spawn(move || {
                    start.wait();
                    let begin = Instant::now();
                    work(i);
                    (begin, Instant::now())
                })
            })
            .collect();
        running.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let begin = spans.iter().map(|s| s.0).min().unwrap();
    let end = spans.iter().map(|s| s.1).max().unwrap();
    (end - begin).as_nanos() as f64
}

/// The mean of a few measurements, as one run of ward_bench gives it.
fn mean(mut measure: impl FnMut() -> f64) -> f64 {
    (0..REPEATS).map(|_| measure()).sum::<f64>() / REPEATS as f64
}

fn contended(threads: usize) -> f64 {
    mean(|| {
        let value = Mutex::new(0i64);
        let spent = together(threads, |_| {
            for _ in 0..LOCK_OPERATIONS {
                *value.lock().unwrap() += 1;
            }
        });
        spent / (threads * LOCK_OPERATIONS) as f64
    })
}

fn read_mostly(threads: usize) -> f64 {
    mean(|| {
        let value = RwLock::new(0i64);
        let spent = together(threads, |_| {
            for i in 1..=LOCK_OPERATIONS {
                if i % WRITE_EVERY == 0 {
                    *value.write().unwrap() += 1;
                } else {
                    black_box(*value.read().unwrap());
                }
            }
        });
        spent / (threads * LOCK_OPERATIONS) as f64
    })
}

fn through_channel(bound: Option<usize>) -> f64 {
    mean(|| {
        // The two ends go to their threads through a Mutex, since `together` shares its closure.
        let (send, receiver): (Box<dyn Fn(i64) + Send>, _) = match bound {
            None => {
                let (sender, receiver) = channel::<i64>();
                (Box::new(move |v| sender.send(v).unwrap()), receiver)
            }
            Some(n) => {
                let (sender, receiver) = sync_channel::<i64>(n);
                (Box::new(move |v| sender.send(v).unwrap()), receiver)
            }
        };
        let ends = (Mutex::new(Some(send)), Mutex::new(Some(receiver)));
        let spent = together(2, |i| {
            if i == 0 {
                let send = ends.0.lock().unwrap().take().unwrap();
                for v in 0..CHANNEL_OPERATIONS as i64 {
                    send(v);
                }
            } else {
                let receiver = ends.1.lock().unwrap().take().unwrap();
                black_box(receiver.into_iter().sum::<i64>());
            }
        });
        spent / CHANNEL_OPERATIONS as f64
    })
}

fn main() {
    let mut min_time = Duration::from_millis(500);
    let mut wanted: Vec<String> = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.strip_prefix("--min-time=") {
            Some(seconds) => min_time = Duration::from_secs_f64(seconds.parse().expect("seconds")),
            None => wanted.push(argument),
        }
    }
    let run = |name: &str, measure: &dyn Fn() -> f64| {
        if wanted.is_empty() || wanted.iter().any(|w| name.starts_with(w.as_str())) {
            println!("{name} {:.3}", measure());
        }
    };

    run("lock", &|| {
        let value = Mutex::new(0i64);
        alone(own_time, min_time, || *black_box(&value).lock().unwrap() += 1)
    });
    run("contended/2", &|| contended(2));
    run("contended/4", &|| contended(4));
    run("read", &|| {
        let value = RwLock::new(0i64);
        alone(own_time, min_time, || {
            black_box(*black_box(&value).read().unwrap());
        })
    });
    run("read-mostly/2", &|| read_mostly(2));
    run("read-mostly/4", &|| read_mostly(4));
    run("arc", &|| {
        let shared = Arc::new(1i64);
        alone(own_time, min_time, || {
            black_box(&shared.clone());
        })
    });
    run("rc", &|| {
        let shared = Rc::new(1i64);
        alone(own_time, min_time, || {
            black_box(&shared.clone());
        })
    });
    run("spawn", &|| {
        alone(real_time, min_time, || {
            black_box(thread::spawn(|| black_box(1i64)).join().unwrap());
        })
    });
    run("scope", &|| {
        alone(real_time, min_time, || {
            let mut result = 0i64;
            thread::scope(|s| {
                s.spawn(|| result = 1);
            });
            black_box(result);
        })
    });
    run("channel", &|| through_channel(None));
    run("sync-channel", &|| through_channel(Some(BOUND)));
}
