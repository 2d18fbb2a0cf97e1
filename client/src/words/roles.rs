//! Names of roles, in the forms that sentences need.

use super::Words;
use crate::args;

/// A form of a role's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleForm {
    /// Nominative singular: `account manager`, «менеджер».
    Name,
    /// With its article where the language has one: `an account manager`, «менеджер».
    One,
    /// Nominative plural: `account managers`, «менеджеры».
    Plural,
    /// Genitive singular: `account manager's`, «менеджера».
    Genitive,
    /// Genitive plural: `account managers'`, «менеджеров».
    GenitivePlural,
    /// As the subject of a ground rule, in the number usual for it: `lead`, but `account managers`.
    Holders,
}

impl RoleForm {
    /// Every form.
    pub const ALL: [RoleForm; 6] =
        [Self::Name, Self::One, Self::Plural, Self::Genitive, Self::GenitivePlural, Self::Holders];

    fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Name => None,
            Self::One => Some("one"),
            Self::Plural => Some("plural"),
            Self::Genitive => Some("genitive"),
            Self::GenitivePlural => Some("genitive-plural"),
            Self::Holders => Some("holders"),
        }
    }
}

/// Tells whether several people usually hold the role, so that [`RoleForm::Holders`] is a plural.
pub fn role_is_plural(role: &str) -> bool {
    matches!(role, "account-manager" | "legal" | "viewer" | "creator")
}

impl Words {
    /// Names a role; one that the catalogue does not know goes by its id.
    pub fn role(&self, role: &str, form: RoleForm) -> String {
        let name = self.say_part(&format!("role-{role}"), form.attribute(), &args![]);
        name.unwrap_or_else(|| role.to_owned())
    }
}
