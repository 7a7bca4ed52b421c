//! Swedish civil dates.
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    Workdays,
    Days,
    Weeks,
    Months,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    Before,
    After,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    pub count: u16,
    pub unit: Unit,
    pub side: Side,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roll {
    NextWorkday,
    PreviousWorkday,
    Keep,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthDay {
    pub month: i8,
    pub day: i8,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearlyRule {
    pub every: MonthDay,
    pub on_holiday: Roll,
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietPeriods(pub Vec<QuietPeriod>);
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuietPeriod {
    Weeks { first: i8, last: i8, name: String },
    Dates { from: MonthDay, until: MonthDay, name: String },
}
impl YearlyRule {
    pub fn effective(self, _year: i16) -> Date {
        Date::ZERO
    }
}
