//! Named scenarios: each a story in which something particular happens, in every order.

mod scenarios {
    mod actors;
    mod attested;
    mod holds;
    mod local;
    mod members;
    mod negotiation;
    mod once;
    mod restores;
    mod signatures;
    mod two_faces;
}
