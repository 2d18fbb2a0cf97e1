//! TOML as people write it, read into the values that the stored forms are made of.
//!
//! Through one kind of value, because a reader of TOML for every form would be half of what a
//! browser downloads for them.

use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue, Error};

/// Reads a TOML text. Dates and numbers beyond 64 bits stay texts, as written.
pub(crate) fn read(text: &str) -> Result<Value, Error> {
    Ok(table(DeTable::parse(text)?.into_inner()))
}

fn table(table: DeTable<'_>) -> Value {
    let members = table.into_iter();
    let members =
        members.map(|(key, value)| (key.into_inner().into_owned(), self::value(value.into_inner())));
    Value::Object(members.collect::<Map<_, _>>())
}

fn value(value: DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.into_owned()),
        DeValue::Boolean(flag) => Value::Bool(flag),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => number.into(),
            Err(_) => Value::String(number.to_string()),
        },
        DeValue::Float(number) => {
            number.as_str().parse::<f64>().map_or_else(|_| Value::String(number.to_string()), Value::from)
        }
        DeValue::Datetime(moment) => Value::String(moment.to_string()),
        DeValue::Array(items) => {
            Value::Array(items.into_iter().map(|item| self::value(item.into_inner())).collect())
        }
        DeValue::Table(members) => table(members),
    }
}
