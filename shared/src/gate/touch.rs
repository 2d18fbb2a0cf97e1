//! What a change does, in terms that a rule can name.

/// A field: the way from the root of the section to a value.
pub type FieldPath = Vec<Step>;

/// One step of a [`FieldPath`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A key of a map.
    Key(String),
    /// Any element of a list.
    Item,
}

/// One thing that a list of changes does to one field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Touch {
    /// The field.
    pub path: FieldPath,
    /// Whether everything below the field changes too: an object is created there, or one that
    /// stood there is or may be replaced, deleted or uncovered.
    pub subtree: bool,
    /// What is done.
    pub kind: TouchKind,
}

/// What is done to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TouchKind {
    /// A scalar is put at a key of a map.
    Put,
    /// A key of a map is deleted.
    Delete,
    /// An object is made at a key of a map or in a list.
    Make(ObjectKind),
    /// Characters are inserted into or deleted from a text; the path is the text's.
    Text,
    /// Scalars are inserted into or put in a list, or elements deleted from it.
    Item,
    /// A counter is incremented.
    Increment,
    /// A mark is set on a span of a text; the path is the text's.
    Mark,
}

/// The kind of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A map with text keys.
    Map,
    /// A list of values and objects.
    List,
    /// A text of Unicode code points.
    Text,
}

/// A scalar value.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// An unsigned integer.
    Uint(u64),
    /// A signed integer.
    Int(i64),
    /// A finite floating point number.
    Float(f64),
    /// A text that merges as a whole.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// The value with which a counter begins.
    Counter(i64),
    /// Milliseconds since 1970.
    Timestamp(i64),
}
