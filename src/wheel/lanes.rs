//! Things that overlap are drawn beside each other.

/// Gives each stretch (from, to; in any unit) a lane, so that no two in a lane are closer than `gap`. The first
/// lane is filled first. Gives the lanes in the order of the stretches, and how many there are.
#[must_use]
pub fn lanes(stretches: &[(f64, f64)], gap: f64) -> (Vec<usize>, usize) {
    let mut order: Vec<usize> = (0..stretches.len()).collect();
    order.sort_by(|a, b| {
        let key = |i: &usize| stretches.get(*i).copied().unwrap_or_default();
        key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut ends: Vec<f64> = Vec::new();
    let mut given = vec![0; stretches.len()];
    for index in order {
        let Some((from, to)) = stretches.get(index).copied() else { continue };
        let free = ends.iter().position(|end| end + gap <= from);
        let lane = free.unwrap_or_else(|| {
            ends.push(f64::NEG_INFINITY);
            ends.len() - 1
        });
        if let (Some(end), Some(place)) = (ends.get_mut(lane), given.get_mut(index)) {
            *end = to;
            *place = lane;
        }
    }
    (given, ends.len())
}

/// Moves `wanted` places, in rising order, as little as need be for `apart` between any two, within `from..=to`.
/// Where there isn't room for all, they stand closer.
#[must_use]
pub fn spread(wanted: &[f64], apart: f64, (from, to): (f64, f64)) -> Vec<f64> {
    let steps = wanted.len().saturating_sub(1);
    let most = u32::try_from(steps).ok().filter(|n| *n > 0).map_or(apart, |n| (to - from) / f64::from(n));
    let apart = apart.min(most);
    let mut places = Vec::with_capacity(wanted.len());
    // Groups of touching places move as one: first where they want to be on the average, then within the bounds.
    let mut groups: Vec<(f64, f64, usize)> = Vec::new();
    for want in wanted {
        groups.push((*want, *want, 1));
        while let [.., before, last] = groups.as_slice() {
            let reach = |(centre, _, n): &(f64, f64, usize)| (*centre, apart * half(*n));
            let ((c1, h1), (c2, h2)) = (reach(before), reach(last));
            if c1 + h1 + apart <= c2 - h2 + 1e-9 {
                break;
            }
            let (sum, n) = (before.1 + last.1, before.2 + last.2);
            groups.truncate(groups.len() - 2);
            let h = apart * half(n);
            let centre = (sum / count(n)).max(from + h).min(to - h);
            groups.push((centre, sum, n));
        }
        if let Some(last) = groups.last_mut() {
            let h = apart * half(last.2);
            last.0 = last.0.max(from + h).min(to - h);
        }
    }
    for (centre, _, n) in groups {
        places.extend((0..n).map(|i| centre - apart * half(n) + apart * count(i)));
    }
    places
}

fn count(n: usize) -> f64 {
    u32::try_from(n).map_or(0.0, f64::from)
}

/// Half the steps between `n` places.
fn half(n: usize) -> f64 {
    (count(n) - 1.0) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_gets_a_lane_of_its_own() {
        let (given, lanes) = lanes(&[(0.0, 45.0), (30.0, 60.0), (46.0, 90.0), (61.0, 70.0)], 0.5);
        assert_eq!((given, lanes), (vec![0, 1, 0, 1], 2));
    }

    #[test]
    fn labels_stand_apart_and_as_near_as_they_can() {
        let places = spread(&[0.0, 1.0, 2.0, 100.0], 10.0, (-50.0, 120.0));
        assert_eq!(places, [-9.0, 1.0, 11.0, 100.0]);
        let crowded = spread(&[5.0; 11], 10.0, (0.0, 50.0));
        assert!((crowded[0] - 0.0).abs() < 1e-9 && (crowded[10] - 50.0).abs() < 1e-9);
        assert!(crowded.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
