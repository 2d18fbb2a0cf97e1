### Every sentence that Entente says in English. The command line and the web share this file.
###
### Say what happened, then what to do or whom to ask. Plain, warm, short.
### `$person`, `$deciders` and the like arrive as names; `$time` and `$when` as written times.
### `$agree` is "singular" or "plural", for the verb of a subject that arrives as text.

## The program

help-about = Keep the documents that your teams agree on: who does what, what to make, how to decide.
help-found = Found a partnership and become its first lead
help-invite = Invite a person by a link that works once
help-join = Join a partnership with an invitation
help-recover = Get in again with your team's recovery key, when all its devices are lost
help-status = Show what waits for you and what is not on the relay yet
help-sync = Send your changes and fetch those of the others
help-sync-watch = Stay connected and go on syncing until Ctrl-C
help-doc = Work with documents
help-doc-new = Create a document from a template
help-doc-list = List the documents
help-doc-show = Show a document
help-doc-set = Set one field
help-doc-edit = Edit a document or a section in your editor
help-doc-log = Show the record of a document
help-doc-diff = Show what changed between two points of the record
help-doc-export = Write a document to a file
help-doc-record = Write a signed record to print or e-mail, and the file that proves it
help-doc-overlaps = Show what both teams do, nobody does, and how to settle it
help-doc-ask = Ask for the approval of a section as it is now
help-doc-sign = Sign a section as it stands
help-doc-conflicts = Show fields with two values, and choose one
help-held = Work with suggestions that wait for a decision
help-held-list = List what waits for you and for others
help-held-show = Show one suggestion with its reason and effect
help-held-endorse = Approve a suggestion
help-held-decline = Do not take a suggestion, with a reason
help-held-withdraw = Take back a suggestion of your own
help-held-revise = Suggest anew what was sent back to you
help-rules = Read, sign or change the ground rules
help-rules-show = Read the ground rules as sentences
help-rules-sign = Agree to the ground rules and sign them
help-rules-edit = Propose a change to the ground rules in your editor
help-people = List the people, or change a person's place
help-roles = List the roles and who holds them
help-devices = List your devices, or end the access of one
help-why = Explain why something waits or did not go through
help-report = Show how you work together: how long decisions take, on whom it waits, who wrote and who decides what
help-verify = Check every signature and every decision of the record
help-bundle = Exchange changes by a file, without a relay
help-bundle-create = Write a file for a partner
help-bundle-inspect = Show what a file for a partner holds
help-bundle-import = Take in the changes of a partner's file
help-completions = Print completions for your shell
help-json = Print JSON for programs
help-data = The folder with your data, instead of the usual one
help-lang = Speak this language: en or ru

## Words used everywhere

list-and = { $first } and { $last }
list-or = { $first } or { $last }
list-also = { $first }, and { $last }
list-comma = { $first }, { $last }
quoted = "{ $text }"
you = you
none = none
since = since { $when }
someone-unknown = an unknown person
party-unknown = an unknown team
more-of-list = and { $count } more
times-pair = { $first } / { $last }
person-role = { $person } ({ $role }, { $party })
person-presence = { $person } ({ $presence })
place-pair = { $first } · { $last }
change-from-to = { $from } → { $to }
hint-try = Try: { $command }
count-changes =
    { $count ->
        [one] { $count } change
       *[other] { $count } changes
    }
count-suggestions =
    { $count ->
        [one] { $count } suggestion
       *[other] { $count } suggestions
    }
count-versions =
    { $count ->
        [one] { $count } version
       *[other] { $count } versions
    }
count-entries =
    { $count ->
        [one] { $count } entry
       *[other] { $count } entries
    }
count-devices =
    { $count ->
        [one] { $count } device
       *[other] { $count } devices
    }
count-people =
    { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
count-documents =
    { $count ->
        [one] { $count } document
       *[other] { $count } documents
    }
count-functions =
    { $count ->
        [one] { $count } function
       *[other] { $count } functions
    }
count-sections =
    { $count ->
        [one] { $count } section
       *[other] { $count } sections
    }
count-rules =
    { $count ->
        [one] { $count } ground rule
       *[other] { $count } ground rules
    }

## Times

duration-days-hours = { $days } d { $hours } h
duration-days = { $days } d
duration-hours-minutes = { $hours } h { $minutes } min
duration-hours = { $hours } h
duration-minutes = { $minutes } min
duration-moment = less than a minute
time-at = { $time } { $zone }
time-at-day = { $day } { $time } { $zone }
date-short = { $weekday } { $day } { $month }
date-long = { $weekday } { $day } { $month } { $year }
weekday-mon = Mon
weekday-tue = Tue
weekday-wed = Wed
weekday-thu = Thu
weekday-fri = Fri
weekday-sat = Sat
weekday-sun = Sun
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
presence-open = at work now
presence-open-until = at work until { $time }
presence-closed = closed, opens in { $duration }
presence-unknown = working hours not known
presence-party-open = { $party } at work now
presence-party-closed = { $party } closed, opens in { $duration }
presence-party-unknown = { $party }'s working hours are not known for this date
together-now = together until { $time }
together-next = next together { $from }, for { $duration }
together-never = no hours together in the calendar

## Roles. `.one` with its article, `.plural`, `.genitive` and `.genitive-plural` for sentences,
## `.holders` as the subject of a ground rule.

role-lead = lead
    .one = a lead
    .plural = leads
    .genitive = lead's
    .genitive-plural = leads'
    .holders = lead
role-account-manager = account manager
    .one = an account manager
    .plural = account managers
    .genitive = account manager's
    .genitive-plural = account managers'
    .holders = account managers
role-coordinator = coordinator
    .one = a coordinator
    .plural = coordinators
    .genitive = coordinator's
    .genitive-plural = coordinators'
    .holders = coordinator
role-translator = translator
    .one = a translator
    .plural = translators
    .genitive = translator's
    .genitive-plural = translators'
    .holders = translator
role-legal = legal counsel
    .one = a legal counsel
    .plural = legal counsel
    .genitive = legal counsel's
    .genitive-plural = legal counsel's
    .holders = legal counsel
role-viewer = viewer
    .one = a viewer
    .plural = viewers
    .genitive = viewer's
    .genitive-plural = viewers'
    .holders = viewers
role-creator = creator
    .one = a creator
    .plural = creators
    .genitive = creator's
    .genitive-plural = creators'
    .holders = creators
role-director = director
    .one = a director
    .plural = directors
    .genitive = director's
    .genitive-plural = directors'
    .holders = director

## Kinds of documents

kind-charter = ground rules
kind-matrix = capability matrix
kind-brief = brief
kind-playbook = coordination playbook
kind-terms = terms
kind-published-brief = published brief

## Found

found-done = Founded "{ $title }". You are { $role } for { $party } on this device.
found-rules-proposed =
    Ground rules: standard for { $count ->
        [2] two teams
        [one] { $count } team
       *[other] { $count } teams
    }, proposed. In force once { $signers } { $agree ->
        [singular] signs
       *[plural] sign
    } them too.
found-rules-alone = Ground rules: standard, proposed. In force once a lead of each team has signed them.
found-recovery = { $party }'s recovery key. Write it down and keep it away from this device; it is shown only once:
found-recovery-use = If { $party } ever loses all its devices, its recovery key lets it in again.
found-here-already = This folder already holds the partnership "{ $title }". To found another one, choose another folder with --data.
found-link-used = This founding link has been used. Ask whoever runs the relay for a new one.
found-link-unknown = The relay does not know this founding link. Copy the whole line that it printed at its first start, or ask whoever runs it.
found-link-malformed = This is not a founding link. It looks like https://relay.example/#found-… ; copy all of it, in quotes.
found-closed = This relay founds no partnership without a founding link. Ask whoever runs it for one.

## Invite

invite-done = For { $person } ({ $role }, { $party }). Works once, until { $until }:
invite-send = Send it to { $name } only.
invite-message =
    { $inviter } invites you to "{ $title }", where both teams keep who does what, the brief and how you work together.
    Open the link on your own device; it works once, until { $until }:
invite-waits = The invitation waits until { $deciders } { $agree ->
        [singular] approves
       *[plural] approve
    } it; the link works from then on.
invite-offline = The link works once this device has synced. Run: entente sync
invite-team-new = { $party } is new here: it joins the ground rules as one more team, with standard hours { $work }.
invite-role-not-grantable = { $person } was not invited: you can give { $grantable }. { $role } can be given by: { $deciders }.
invite-own-person = You are here already. For one more device of your own, run: entente invite --device

## Join

join-done = Joined "{ $title }" (founded by { $founder }; the relay is run by { $operator }, who can read what is stored there).
join-done-operator-unknown = Joined "{ $title }" (founded by { $founder }; whoever runs the relay can read what is stored there).
join-rules-proposed =
    { $person } proposes { $count ->
        [one] { $count } ground rule
       *[other] { $count } ground rules
    }. Read: entente rules · Agree: entente rules sign · Differ: entente rules edit
join-rules-in-force = The ground rules are in force. Read: entente rules
join-role = You are { $role } for { $party } on this device.
join-attested = You can read now. Older entries are checked in the background; signing opens when that is done.
join-expired = This invitation expired { $when }. Ask { $inviter } for a new one; each works for 72 hours.
join-used = This invitation has been used. If it was not you, tell { $inviter } now: somebody else may have joined in your place.
join-withdrawn = This invitation was taken back. Ask { $inviter } for a new one.
join-unknown = The relay does not know this invitation yet. { $inviter } may still have to sync; try again in a while.
join-malformed = This is not an invitation. It looks like https://relay.example/join#… ; copy all of it, in quotes.
join-needs-relay = Joining needs the relay, and it cannot be reached now. The invitation stays good until { $until }.

## Recover

recover-done = { $person } gets in again with this link. It works once, for 72 hours, on a device of { $person }'s:
recover-malformed = This is not the link that stands beside a recovery key. It looks like https://relay.example/recover#… ; copy all of it, in quotes.
recover-key-mistyped = This is no recovery key of this partnership. Look for a mistyped letter; it has fourteen groups of four.

## Rules

rules-title-in-force = Ground rules of "{ $title }", in force since { $when }
rules-title-proposed = Ground rules of "{ $title }", proposed
rules-proposed-note = Until a lead of each team has signed, each team edits its own sections only; everything else waits.
rules-line = { $rule }: { $sentence }
rules-signed-by = Signed: { $signatures }.
rules-signature = { $person } { $time }
rules-signed-count = Signed { $done } of { $needed }.
rules-in-force =
    The rules are in force for { $count ->
        [one] { $count } team
        [2] both teams
       *[other] all { $count } teams
    }.
rules-not-yet-in-force = Not in force yet: { $signers } still { $agree ->
        [singular] has
       *[plural] have
    } to sign.
rules-signed-already = You have signed these rules, { $when }.
rules-sign-moved = The rules changed while you read them. Read them again (entente rules), then sign.
rules-sign-conflict = The rules hold two values in { $place }. Choose one first: entente doc conflicts rules
rules-sign-attested = Signing opens when this device has checked the whole record. Run: entente sync
rules-sign-not-yours = Your signature is not needed here. These sign: { $signers }.
rules-edit-saved = Saved. Your change is proposed; it takes a lead of each team: { $deciders }.
rules-edit-unchanged = Nothing changed.
rules-edit-invalid = The rules were not saved: { $problem }. Your text is kept in { $file }; correct it there and run: entente rules edit { $file }
rules-edit-collides = Waits: { $person } changed the same rule { $when }. Look at both: entente held show { $id }
rules-edit-locks-out = Waits: with this change { $party } would have nobody left who can change the ground rules. Keep at least one lead with a working device.
rules-band = up to { $percent } % from the last agreed value without asking
rules-expires =
    { $count ->
        [one] signatures last { $count } day
       *[other] signatures last { $count } days
    }
rules-locks = once signed, it changes only by an approved change to signed text
rules-grants = they may give these roles: { $roles }
rules-not-self = never to themselves
rules-nobody = nobody
rules-internal = not shown to creators

## Sentences of the ground rules

right-read =
    { $who } { $agree ->
        [singular] reads
       *[plural] read
    } { $what }
right-edit =
    { $who } { $agree ->
        [singular] writes
       *[plural] write
    } { $what }
right-fill =
    { $who } { $agree ->
        [singular] fills
       *[plural] fill
    } { $what }
right-keep =
    { $who } { $agree ->
        [singular] looks
       *[plural] look
    } after { $what }
right-talk =
    { $who } { $agree ->
        [singular] takes
       *[plural] take
    } part in { $what }
right-propose = { $who } may suggest changes to { $what }
right-endorse =
    { $who } { $agree ->
        [singular] approves
       *[plural] approve
    } changes to { $what }
right-hold = others' changes to { $what } wait for { $who } to decide
right-sign =
    { $who } { $agree ->
        [singular] signs
       *[plural] sign
    } { $what }
right-approve = versions of { $what } are approved by { $stages }
right-band =
    { $what } moves by up to { $percent }% from what was last signed or approved; beyond that { $who } { $agree ->
        [singular] decides
       *[plural] decide
    }
rules-rounds =
    { $count ->
        [one] { $count } round
       *[other] { $count } rounds
    }
rules-within-working-days =
    { $count ->
        [one] within { $count } working day
       *[other] within { $count } working days
    }
rules-within-working-hours =
    { $count ->
        [one] within { $count } working hour
       *[other] within { $count } working hours
    }
rules-within-hours =
    { $count ->
        [one] within { $count } hour
       *[other] within { $count } hours
    }
rules-over-budget = once the planned rounds are used up, it goes to { $who }
rules-override = { $who } may go beyond it on their own responsibility, with a reason
right-local = if { $party } is closed and it is { $within }, { $who } may approve versions of { $what } instead of { $instead }, who ratifies { $ratify }
rules-local-due =
    { $count ->
        [one] due within { $count } hour
       *[other] due within { $count } hours
    }
rules-local-uses =
    { $count ->
        [one] { $count } time a week at most
       *[other] { $count } times a week at most
    }
rules-local-known =
    { $count ->
        [one] only if { $party } has known the due time for { $count } working hour
       *[other] only if { $party } has known the due time for { $count } working hours
    }
right-ground-rules = once in force, the ground rules and the list of teams change only with a lead of each team
right-nobody = nobody holds a role that may do this: { $right }
who-team = { $party }'s { $roles }
who-each-team = each team's { $roles }
who-role = the { $roles }
who-everybody = all members of the teams
who-themselves = each person
place-all = everything
place-charter = the ground rules
place-charter-rules = the rules
place-charter-parties = the list of teams
place-charter-people = { $party }'s people
place-charter-people-each = each team's people
place-charter-people-own = their own people
place-charter-calendar = { $party }'s calendar
place-charter-calendar-each = each team's calendar
place-charter-calendar-own = their own calendar
place-charter-roles = the list of roles
place-matrix = the matrix
place-matrix-functions = the list of functions
place-matrix-party = { $party }'s column
place-matrix-party-each = each team's column
place-matrix-party-own = their own column
place-matrix-split = the agreed split
place-matrix-escalation = what goes up to the leads
place-matrix-talk = the talk beside the matrix
place-brief = the brief
place-brief-universal = the brief's part for every market
place-brief-market = the brief's section "{ $party }"
place-brief-market-each = the brief's section for each market
place-brief-market-own = the brief's section for their own market
place-brief-talk = the talk beside the brief
place-playbook = the playbook
place-playbook-decisions = how decisions are made
place-playbook-timeline = the timeline
place-playbook-who = who talks to whom
place-playbook-chain = the approval chain
place-playbook-talk = the talk beside the playbook
place-terms = the terms
place-terms-offer = the offer for { $party }
place-terms-offer-each = the offer for each market
place-terms-offer-own = the offer for their own market
place-terms-standard = the standard offer for { $party }
place-terms-standard-each = the standard offer for each market
place-terms-standard-own = the standard offer for their own market
place-terms-contract = the contract for { $party }
place-terms-contract-each = the contract for each market
place-terms-contract-own = the contract for their own market
place-terms-talk = the talk beside the terms
place-published-brief = the published brief
place-published-brief-brief = the published brief
place-published-brief-response = { $party }'s answer
place-published-brief-response-each = each person's answer
place-published-brief-response-own = their own answer
place-other = the section "{ $section }" ({ $kind })
place-kind-other = documents of the kind "{ $kind }"
place-field = the field "{ $field }" ({ $section })
place-translations = translations ({ $kind })
market-ru = Russia
market-us = US

## Documents

doc-created = Created "{ $title }".
doc-created-matrix =
    Created "{ $title }": { $count ->
        [one] { $count } function
       *[other] { $count } functions
    }, columns for { $parties }.
doc-created-brief = Created "{ $title }": one part for every market, and sections for { $markets }.
doc-created-playbook = Created "{ $title }": how decisions are made, timeline, who talks to whom, approval chain.
doc-list-empty = There is no document yet. Create one: entente doc new matrix "Who does what"
doc-list-kind = Kind
doc-list-title = Title
doc-list-changed = Changed
doc-list-waiting = Waiting
doc-not-on-relay = not on the relay yet
doc-set-aside = The program stopped twice while it worked on this document, so it is set aside. Nothing that you wrote in it is lost, and the other documents go on.
doc-not-followed = This document stays as it was: { $problem }. Nothing more is taken in for it; tell the leads of every team.
doc-stopped = "{ $title }" stays as it was: { $problem }. Nothing more is taken in for it. Tell the leads of every team, and run: entente verify
doc-cell-hidden = not shown
doc-mark-two-values = two values
doc-unchanged = Nothing changed.
doc-set-done = { $place }: { $from } → { $to }.
doc-section-hidden = Not shown to your role. Can read it: { $people }.
doc-section-written-by = { $who } { $agree ->
        [singular] fills
       *[plural] fill
    } this
doc-empty-field = not filled in yet
doc-translation-current = translation current
doc-translation-older = the translation is older than the { $language } text
doc-language-ru = Russian
doc-language-en = English
doc-signed-count = Signed { $done } of { $needed }
doc-being-checked = Shown as the relay tells it; being checked. It can be edited once that is done.
doc-list-being-checked =
    { $count ->
        [one] { $count } document is shown as the relay tells it; being checked.
       *[other] { $count } documents are shown as the relay tells it; being checked.
    }
doc-read-only-newer = "{ $title }" was made by a newer version of Entente. You can read it; to edit it, update this program.
newer-schema = It uses version { $schema } of its form; this program knows version { $known }.
newer-kind = This program does not know its kind.
newer-unchecked = { $count ->
        [one] The one entry of its record is checked
       *[other] The { $count } entries of its record are checked
    } for signature, order and time; who was allowed to do what, a newer program checks.
newer-sections = Needs a newer program
newer-last = last by { $person }, { $when }
newer-waiting = { $count ->
        [one] { $count } suggestion seems to wait.
       *[other] { $count } suggestions seem to wait.
    } A newer program shows what for whom.
newer-fields = Fields that need a newer program; they stay as they are
newer-places = filled in { $count ->
        [one] once
       *[other] { $count } times
    }
doc-value-empty = —
doc-edit-opening = Opening { $editor }. Save and close it to go on.
doc-edit-kept = The editor closed with an error, so nothing changed. Your text is kept in { $file }.
doc-edit-invalid = Line { $line } could not be read: { $problem }. Nothing changed; your text is kept in { $file }. Correct it and run: entente doc edit { $document } --from { $file }
doc-edit-moved = "{ $title }" changed while you edited. Your changes were joined with the others'.
doc-editor-missing = No editor is set. Set one, for example: export EDITOR=nano
doc-log-entry = { $seq }  { $when }  { $person }  { $what }
doc-log-empty = No entries yet.
doc-log-admitted = changed { $place }
doc-log-held = suggested a change to { $place }
doc-log-endorsed = approved { $id }
doc-log-overrode = went beyond the band with { $id } on their own responsibility: { $reason }
doc-log-endorsed-locally = approved { $id } by local authority
doc-log-ratified = ratified the local approval of { $id }
doc-log-objected = objected to the local approval of { $id }: { $reason }
doc-log-declined = did not take { $id }: { $reason }
doc-log-declined-silently = did not take { $id }
doc-log-withdrew = took back { $id }
doc-log-signed = signed { $place }
doc-log-asked = asked for approval of { $place }
doc-log-created = created the document
doc-log-founded = founded the partnership
doc-log-invited = invited { $person }
doc-log-enrolled = joined with a new device
doc-log-revoked = ended the access of { $person }
doc-diff-none = No difference between { $from } and { $to }.
doc-diff-title = { $title }: changes between { $from } and { $to }
doc-diff-point = entry { $seq } ({ $when })
doc-diff-added = added
doc-diff-removed = removed
doc-diff-changed = changed
doc-export-done = Wrote { $file }.
doc-export-exists = { $file } exists already. Choose another name, or add --force to replace it.
doc-export-partial =
    { $count ->
        [one] { $count } section is
       *[other] { $count } sections are
    } left out: not shown to your role.

## Overlaps and gaps

overlap-title = Both do this
overlap-none = No overlaps: nothing is done by both teams without an agreed split.
overlap-line = { $function } ({ $parties })
overlap-agreed = { $function }: agreed split: { $split }
gap-title = Nobody does this
gap-none = No gaps: every function is done by somebody.
gap-line = { $function }
gap-take = Take it: entente doc set { $document } { $place } own
gap-take-by = take it: { $command }
gap-role = Nobody holds this role: { $role } ({ $party }). Invite somebody: entente invite … --role { $role }
gap-role-nobody = Nobody holds this role: { $name } ({ $party }). Invite somebody: entente invite … --role { $role }
gap-single = Only { $person } can do this: { $right }. Let a second person hold it.
gap-deciders-short = Some topics have no one decider. More: entente roles
gap-several-approve = { $places }: several rules say who approves ({ $rules }). Only "{ $first }" counts; keep one of them.
gap-several-sign = { $places }: several rules say who signs ({ $rules }). Only "{ $first }" counts; keep one of them.
gap-final-say = { $places }: several teams have the last word ({ $people }, by the rule "{ $rule }"). Name one.
gap-roles-short = Nobody holds these roles: { $roles }. More: entente roles
gap-single-short = Some things only one person can do: { $people }. More: entente roles
gap-hours = The ground rules do not say when { $party } works now, so this rule is off: { $rule }. A lead of { $party } brings the hours up to date.
calendar-until = known until { $when }
gap-calendar = { $party }'s calendar ends { $when }. Renew it: entente people calendar { $party }
settle-before-signing =
    { $count ->
        [one] { $count } point to settle before signing
       *[other] { $count } points to settle before signing
    }

## Two values

conflict-title = Two values
conflict-none = No field has two values.
conflict-field = { $place } has two values:
conflict-value = { $key }  { $value }   { $person }, { $when }
conflict-text = Both edited { $place } without seeing each other's edits:
conflict-text-stands = What stands there now:
conflict-keep = Keep one: entente doc conflicts { $document } --keep { $key }
conflict-settled = { $place } is now "{ $value }". The other value stays in the record.
conflict-key-unknown = There is no value { $key } here. Choose one of: { $keys }.

## Status and sync

status-title = { $title } · { $person }, { $role } ({ $party })
status-alone = Only you are here so far. Invite somebody: entente invite
status-up-to-date = Up to date with the relay, { $time }.
status-never-synced = Not synced yet. Run: entente sync
status-last-synced = Last synced { $when }.
status-nothing-waits = Nothing waits for you.
status-waiting-you = Waiting for you
status-to-ratify = To ratify
status-waiting-others = Waiting for others
status-waiting-others-line =
    { $count ->
        [one] { $count } suggestion
       *[other] { $count } suggestions
    }: { $person } ({ $presence })
status-overlap = Both do this
status-gap = Nobody does this
status-conflict = Two values
status-not-sent = Not on the relay
status-kept-back = Kept by you
status-choices = choices: { $command }
status-choose = choose: { $command }
status-look = look: { $command }
status-waiting-nobody =
    { $count ->
        [one] { $count } suggestion
       *[other] { $count } suggestions
    }: nobody can decide now
status-watching = A sync is running in the background.
status-recovering = The relay is recovering from a restore: reading works, sending waits.
sync-sent = Sent { $sent }.
sync-sent-received = Sent { $sent }, received { $received }.
sync-received = Received { $received }.
sync-nothing-new = Nothing new.
sync-watching = Watching { $relay }. Stop with Ctrl-C.
sync-watching-already = A sync is running already, and takes this along.
sync-reconnecting = No connection. Trying again in { $duration }; your work is saved here.
sync-refused =
    { $count ->
        [one] { $count } change stays
       *[other] { $count } changes stay
    } with you; nothing is lost. Why: entente why { $id }
sync-now-waits = Your change to { $place } waits for { $deciders }; nothing is lost. Why: entente why { $id }
sync-still-here =
    { $count ->
        [one] { $count } change is still only here.
       *[other] { $count } changes are still only here.
    } { $problem }
sync-already-there = Part of what you wrote in "{ $document }" stands already: entry { $entries } of the record.
sync-behind = This device was behind. It has caught up; your changes go out again now.

## Saved

saved-here = Saved on this device.
saved-and-sent = Saved, and on the relay.
pending = Not yet on the relay: { $what }.
suggestion-saved-column =
    Saved as a suggestion: { $party }'s column is { $party }'s to fill. { $deciders } { $agree ->
        [singular] decides
       *[plural] decide
    } after your next sync.
suggestion-saved-section =
    Saved as a suggestion: "{ $section }" is { $party }'s to write. { $deciders } { $agree ->
        [singular] decides
       *[plural] decide
    } after your next sync.
suggestion-saved-for = Saved as a suggestion for { $deciders }.
suggestion-sent-for = Suggested to { $deciders }.
suggestion-signed = Saved as a change to signed text. Those who signed decide: { $deciders }.
suggestion-too-many =
    { $count ->
        [one] { $count } suggestion of yours is
       *[other] { $count } suggestions of yours are
    } open, which is as many as fit. This one stays here and goes out when one is decided. You may take one back: entente held withdraw
suggestion-rebased = Your suggestion { $id } was built on one that was not taken. Offer the rest of it anew: entente held show { $id }

## Held

held-none = Nothing waits for you.
held-none-others = Nothing of yours waits for others.
held-line = { $id }  { $place }   { $from } → { $to }     { $person }, { $when }
held-for = waiting for { $deciders }
held-for-nobody = nobody can decide this now: { $role } is not held by anybody. Ask { $lead } to give the role.
held-show-title = { $id }: { $person } suggests a change to { $place }
held-show-message = "{ $message }"
held-show-now = now: { $value }
held-show-then = then: { $value }
held-show-loses = A later change would win over this value. Approve with --restate to set it again.
held-show-needs = needs: { $needs }
held-show-presence = { $person }: { $presence }
held-show-missing = besides you it takes: { $deciders }
held-show-decide = Approve: entente held endorse { $id } · Not take: entente held decline { $id } --reason "…"
held-show-override = Or go beyond the band on your own responsibility: entente held endorse { $id } --override --message "why"
held-approved = Approved. { $place } is now "{ $value }".
held-approved-several =
    Approved: { $count ->
        [one] { $count } change is
       *[other] { $count } changes are
    } in force.
held-approved-more = Approved by you. Still needed: { $deciders }.
held-declined = Not taken. { $person }'s suggestion and your reason stay in the record.
held-returned = Sent back to { $person } with your notes.
held-sent-back = Sent back to you
held-orphaned-note = It was built on a suggestion that was not taken.
held-revise-hint = Suggest this on what stands now: entente held revise { $id }
held-revise-nothing = What it suggested stands already.
held-revise-not-yours = { $id } did not come back to you. What did: entente held list
held-revised = Suggested anew as { $id }, waiting for { $deciders }.
held-revised-saved = Saved: nobody has to agree to it any more.
held-withdrawn = Taken back. It stays in the record as yours.
held-reason-missing = Please say why, so that { $person } can answer: --reason "…"
    .app = Please say why, so that { $person } can answer.
held-closed = { $id } is settled already: { $outcome }, { $person }, { $when }.
held-outcome-approved = approved
held-outcome-waiting = waiting
held-outcome-declined = not taken
held-outcome-objected = objected to
held-to-ratify = Approved by local authority, to be ratified
held-ratify-hint = Ratify: entente held endorse { $id } --ratify · Object: entente held decline { $id } --object --reason "…"
held-approved-locally = Approved here: { $place }, { $state }.
held-ratified = Ratified. { $place } stays approved.
held-objected = Your objection stands: { $place } is not approved any more. { $person }'s approval and your reason stay in the record.
held-no-version = { $id } is no version that was sent for approval. What is open: entente held list
held-nothing-to-ratify = { $id } was not approved by local authority, or has its answer already. See: entente why { $id }
local-offer-after = { $party } opens { $opens }, after it is due ({ $due }). You may approve here:
local-offer-before = { $party } is closed until { $opens }, and it is due { $due }. You may approve here:
local-offer-ratify = { $people } ratifies by { $when }.
local-offer-ratify-some-time = { $people } ratifies afterwards.
local-offer-how = Approve here: entente held endorse { $id } --local
local-to-ratify = approved { $when } by { $person }, instead of { $party }; to be ratified by { $until }: { $people }
local-escalated = approved { $when } by { $person }, instead of { $party }; nobody ratified it in time, still to answer: { $people }
local-ratified = approved { $when } by { $person }, instead of { $party }; ratified: { $by }
local-objected = approved by { $person }, instead of { $party }; not approved any more since the objection of { $by }, { $when }
local-bar-clocks = This device's clock and the relay's are { $duration } apart, and local approval goes by both. Set the clock, connect, and try again.
local-bar-open = { $party } is at work until { $when }.
local-bar-calendar = The ground rules do not say when { $party } works now, so local approval is off.
local-bar-no-due = This version has no due time. Sent for approval with one (entente doc ask … --by 22:00), it could be approved here.
local-bar-not-due = It is not due soon: you may approve it here from { $when } on.
local-bar-overdue = It was due { $when }; here only what is still due can be approved.
local-bar-not-known = { $party } has had { $known } of working time to see when it is due; it takes { $needed }.
local-bar-used-up =
    { $count ->
        [one] Local approval was used { $count } time in seven days, as often as the rules allow.
       *[other] Local approval was used { $count } times in seven days, as often as the rules allow.
    } It can be used again { $when }.
local-instead = Can decide it: { $people }.
refused-not-local = Local approval is not possible now.
held-outcome-returned = sent back
held-outcome-withdrawn = taken back
held-outcome-orphaned = left without its ground
held-unknown = There is no suggestion { $id }. What is open: entente held list
held-not-yours = { $id } waits for { $deciders }. You can comment on it, or ask them.
held-own = { $id } is yours, so somebody else decides: { $deciders }.
held-override-not-yours = { $id } does not go beyond a band that you may leave on your own responsibility. Who may: { $who }.
held-override-why = Please say why { $id } goes beyond the band; it stands in the record: --override --message "…"
held-withdraw-not-yours = { $id } is { $person }'s; only { $person } can take it back. You can leave it undecided or not take it.
held-moved = The text changed since you looked. Look again (entente held show { $id }), then decide.
notice-declined = { $person } did not take your suggestion for { $place }: "{ $reason }"
notice-returned = { $person } sent your suggestion for { $place } back: "{ $reason }"
notice-approved = { $person } approved your suggestion for { $place }.

## Why

why-waits-you = { $person }'s change to { $place } waits for you.
why-waits = { $person }'s change to { $place } waits for { $deciders }.
why-note-waits-you = { $person }'s note on { $place } waits for you.
why-note-waits = { $person }'s note on { $place } waits for { $deciders }.
why-admitted = { $person }'s change to { $place } has been in force since { $when }.
why-kept = Your change to { $place } is on this device only: { $reason }
why-kept-approval = Your approval for { $place } did not go through: { $reason }
why-kept-no = Your answer to the suggestion for { $place } did not go through: { $reason }
why-kept-withdrawal = You could not take back your suggestion for { $place }: { $reason }
why-kept-signature = Your signature on { $place } did not go through: { $reason }
why-kept-document = Your new document is on this device only: { $reason }
why-kept-invitation = Your invitation did not go through: { $reason }
why-written = written { $written } · arrived { $arrived }
why-written-only = written { $written }
why-written-offline = written { $written }, offline · arrived { $arrived }
why-written-here = written { $written } · not on the relay yet
why-role-since = { $person } has been { $role } since { $when } ({ $by })
why-person-left = { $person } left the partnership { $when } ({ $by })
why-rule = rule "{ $rule }": { $sentence }
why-no-rule = no ground rule speaks about this; { $who } may change the rules
why-rule-itself = the ground rules are built so that this can be done
why-itself-founding = the founder sets up the partnership
why-itself-invitation = an invitation lets one person in
why-itself-recovery = a team's recovery key lets its people back in
why-itself-own-device = everybody looks after their own devices
why-itself-first-lead = the first lead of a team is let in by a lead who is here already
why-itself-continuity = every team keeps somebody who can change the ground rules
why-itself-collision = the same place was changed meanwhile, and the ground rules never hold two values
why-itself-own-suggestion = everybody may take back their own suggestion
why-itself-create = who may write a document's sections may create it
why-can-decide = can decide: { $people }
why-endorsed = approved by { $person }, { $when }
why-overridden = beyond the band on their own responsibility: { $person }, { $when }: { $reason }
why-unsent = Your change to { $place } is saved on this device and goes out with your next sync.
why-settled = { $person }'s change to { $place } is settled: { $outcome }, { $by }, { $when }.
why-settled-alone = { $person }'s change to { $place } is settled: { $outcome }.
why-text-kept = The text is kept in full.
why-unknown = There is nothing called { $id } here. Names look like h-7c1; see: entente held list

## Refused: nothing is lost, somebody else can

refused-who-can = Not yours to change: { $place }. Can change it: { $people }. Your text is kept on this device.
refused-nobody-can = { $place } is nobody's to change now: no person holds a role for it. Ask { $lead }. Your text is kept on this device.
refused-read = { $place } is not shown to your role. Can read it: { $people }.
refused-role-change = Only { $people } can change people of { $party }.
refused-own-role = Nobody changes their own role. Ask { $people }.
refused-proposed-only = The ground rules are not in force yet, so this waits. Still to sign: { $signers }.
refused-unexpected = The relay did not take this change, though the ground rules allow it. It is kept here. Tell whoever runs the relay, and quote { $id }.
refused-too-big = This change is larger than { $limit } KB. Split it into parts.
refused-too-fast = Too many changes in one minute. The rest goes out by itself in { $duration }.
refused-quota = The partnership has used its space on the relay ({ $limit } MB). Ask whoever runs the relay for more; your work is saved here.
refused-device-ended = This device's access has ended. What you wrote here can still be handed in as suggestions: entente sync
refused-device-lost = This device was reported lost, so nothing is taken from it. If you have it, ask for a new invitation: { $ask }.
refused-malformed = The relay could not read this change ({ $problem }). It is kept here. Update this program; if it is up to date, tell whoever runs the relay.
refused-unknown-device = The partnership does not know this device. Ask for an invitation: { $ask }.
refused-relay-behind = The relay does not have everything yet that this device has seen. It is being handed back; your change goes out again by itself.
refused-forked = The relay's record is not the one that this device knows, from entry { $seq } on. Nothing was sent. Run entente verify and tell the leads of every team.
    .app = The relay's record is not the one that this device knows, from entry { $seq } on. Nothing was sent. Check the record on the page "This device", and tell the leads of every team.
refused-again-later = It goes out again by itself in a moment.
refused-orphaned = Your change to { $place } was built on a suggestion that was not taken. It is kept here; offer it anew.
refused-gate = Your change to { $place } was damaged and was not taken. It is kept here; please write it again, and tell whoever gave you Entente.
refused-already-stands = { $place } says this already.
refused-not-open = This suggestion is settled already. What is open: entente held list
refused-own-suggestion = This suggestion for { $place } is yours, so somebody else decides.
ask-sent = Sent for approval: { $place }, { $state }.
ask-by-unclear = "{ $text }" is no time that can be meant here. Write 22:00, or 2026-11-25 06:00, by your team's clock.
sign-done = You signed { $place }: { $state }.
sign-not-ready = { $place } cannot be signed yet. First:
agree-old-rules = The partnership works under rules version 1, in which only the ground rules are signed. A lead raises it, and a lead of each team agrees: entente rules edit, judge_version = 2.
agree-no-rule = No ground rule says who approves or signs { $place }. The leads can add one: entente rules edit
held-version = a version of { $place }, { $round }
held-approved-version = Approved: { $place }.
standing-title = Where it stands
bands-title = Without asking
band-within = { $place }: within ±{ $percent }% of { $base } ({ $low } to { $high }), agreed { $when }
band-beyond = { $place }: { $now } is outside ±{ $percent }% of { $base }, agreed { $when }
band-nothing-agreed = { $place }: nothing is agreed yet; the first value waits for { $deciders }
band-waiting = { $id } · { $value } is outside the band: waits for { $deciders }
standing-draft = draft
standing-review = in review, { $round }: waits for { $people }
standing-stage = stage { $stage } of { $stages }
standing-round = round { $round }
standing-round-of = round { $round } of { $rounds }
standing-round-over = round { $round }, where { $rounds } were planned
standing-due = due { $when }
standing-overdue = was due { $when }
standing-moved = the text has changed since
standing-approved = approved { $when }
standing-changed = changed since it was approved { $when }
standing-signed = signed { $done } of { $needed }: { $people }
standing-signed-until = signed { $done } of { $needed }: { $people }, until { $when }
standing-lapsed = the signatures lapsed { $when }; sign again
refused-not-ready = { $place } cannot be signed yet: { $reasons }.
refused-already-asked = A version of { $place } waits for approval already. Take it back first, or wait for the answer.
unready-one-sided = { $name } has written nothing here yet
unready-two-values = two values in { $name }
unready-untranslated = { $name } is there in one language only
unready-old-translation = the translation of { $name } is older than its source
unready-empty = nothing is said yet about { $name }
unready-overlap = both teams do { $name }, and nothing is agreed about it
unready-gap = nobody does { $name }
unready-waiting = a suggestion here waits for its answer
refused-stale = { $place } changed since you looked. Look again, then decide.
refused-stopped = The relay showed something else than the rules say ({ $problem }), so this document has stopped and takes no changes. Nothing was changed. Tell the lead of your team.
refused-being-checked = This document is shown as the relay tells it and is still being checked. Nothing was changed; try again in a moment.
refused-newer = This document was made by a newer version of Entente. You can read it; to change it, update this program. Nothing was changed.
refused-unknown = This cannot be checked here ({ $problem }). Run entente sync, and update this program if that does not help.
refused-invitation = This invitation does not work ({ $problem }). Ask for a new one: { $ask }.
refused-charter = The ground rules would not hold together with this change: { $problem }. It is kept here; correct it.
refused-relay-reads-only = The relay takes nothing for the moment ({ $problem }). Your work is saved here and goes out by itself.

## People, roles, devices

people-title = People
people-line = { $person }   { $roles }   { $devices }
people-left = left { $when }
people-invited = invited, not here yet
people-role-given = { $person } is now { $role } ({ $party }).
people-role-ended = { $person } is no longer { $role } ({ $party }).
people-removed = { $person }'s access ends with your next sync. What { $person } wrote stays.
people-removed-last = { $person } is the last lead of { $party }. Give the role to somebody else first.
roles-line = { $role }: { $people }
roles-empty = { $role }: nobody
devices-title = Your devices
devices-line = { $device }   since { $when }
devices-this = this device
devices-closed = access ended { $when }
devices-lost = reported lost { $when }
devices-ended = The access of { $device } ends with your next sync.
devices-ended-lost = { $device } is reported lost. Nothing more is taken from it.
devices-only = This is your only device. Add another one first: entente invite --device
calendar-line = { $party }: { $work }, { $zone }
calendar-renewed = { $party }'s calendar now reaches { $when }.
calendar-invalid = The calendar was not saved: { $problem }.

## Verify

verify-good = good
verify-bad = NOT good
verify-head = head { $head }
verify-all-good = Every signature is valid, every decision followed the rules then in force, the relay has the same heads.
verify-all-good-offline = Every signature is valid, every decision followed the rules then in force. The relay was not asked: no connection.
verify-relay-ahead =
    The relay has { $count ->
        [one] { $count } newer entry
       *[other] { $count } newer entries
    }. Run: entente sync
verify-counts = { $verified } checked in full, { $attested } by signature only, { $missing } missing
verify-newer-note = Checked by signature, order and time only: documents that need a newer version of this program. Update it and run: entente verify
verify-attested-note = Checked by signature only: content that is not shown to your role.
verify-failed = "{ $document }" does not check out from entry { $seq } on: { $problem }. Entries before it are good. Keep this folder and tell the leads of every team.
verify-problem-signature = a signature is not valid
verify-problem-chain = the entry does not continue the one before
verify-problem-verdict = the decision does not follow the ground rules then in force
verify-problem-statement = the entry belongs to another statement
verify-problem-time = the time or the ground rules that it names are not the right ones
verify-problem-entry = the rules lead to another entry ({ $field })
verify-problem-newer = it needs a newer program ({ $problem })
verify-problem-poison = the program stopped twice while it worked on this document
verify-problem-heads = the relay shows another head

## Files for a partner

bundle-created =
    Wrote { $file }: { $count ->
        [one] { $count } change
       *[other] { $count } changes
    } for { $party }.
bundle-created-note = Whoever gets this file can read what is in it.
bundle-empty = There is nothing to put into a file: { $party } has everything.
bundle-inspect-title = { $file }: "{ $title }", made by { $person } on { $when }
bundle-inspect-line = { $document }: { $entries }, { $changes }
bundle-imported =
    Took in { $count ->
        [one] { $count } change
       *[other] { $count } changes
    }; { $known ->
        [one] { $known } was
       *[other] { $known } were
    } here already.
bundle-import-pending = They go to the relay with your next sync.
bundle-other-partnership = This file belongs to another partnership: "{ $title }". Nothing was taken in.
bundle-damaged = { $file } cannot be taken in: { $problem }. Nothing was taken in; ask { $person } to send it again.
bundle-problem-newer = a newer program made it
bundle-problem-unsigned = the relay's signature does not cover all of it
bundle-problem-branch = it holds another record than this device
bundle-problem-checksum = its checksum is not right
bundle-unreadable = { $file } is not a file for a partner. Nothing was taken in.

## A signed record: one page to read, and the file beside it that proves it

record-written = Wrote { $page } and { $markdown } to read, print or send, and { $file } that proves them.
record-counts =
    { $signed ->
        [0] Nothing is signed yet
        [one] { $signed } section is signed
       *[other] { $signed } sections are signed
    }; not signed: { $unsigned }.
record-check-with = Whoever gets them checks, without a relay: entente verify { $file }
record-not-vouched = The relay has not confirmed the newest entries of { $title } to this device yet. Run: entente sync
record-under = { $kind } · { $title } · { $teams }
record-nature = This is a record of what both teams agreed, not a qualified electronic signature.
record-overview = First the whole matrix at a glance, as it stands. What is signed follows, section by section, with its signatures.
record-owned = Who owns what
record-shared = What is shared
record-gaps = What nobody does yet
record-escalates = What escalates
record-nobody = nobody yet
record-support = support: { $teams }
record-unsettled = { $teams }: not settled yet
record-yes = yes
record-no = no
record-nothing-signed = Nothing in this document is signed yet.
record-missing = not signed yet
record-lapsed = These signatures have lapsed.
record-digest = Digest of this section in both languages, which the signatures cover (SHA-256)
record-signed = signed { $when }
record-signed-until = signed { $when }, holds until { $until }
record-unsigned = What is not signed
record-state-hidden = not readable for whoever made this page
record-state-none = filled in by its team; no signature is asked for
record-state-draft = draft
record-state-review = in review
record-state-approved = approved, not signed
record-state-changed = changed since it was approved
record-check = How to check this
record-check-how = Beside this page is a file whose name ends in "entente". On any computer with Entente, without a relay and without an account, run "entente verify" with that file. It replays every entry with every signature and shows the partnership, the digests and the entries; they must be the same as here.
record-partnership = Partnership (fingerprint of its founding)
record-head = Last entry of this record: number { $seq }, received { $when }
record-made = This page was made { $when }.
record-file-signed = Signed in { $title }
record-file-nothing = Nothing in { $title } is signed.
record-file-digest = digest { $digest }
record-file-entry = entry { $seq } · { $hash }
record-file-missing = not signed yet: { $people }
record-file-partnership = Partnership { $id }. Compare it, the digests and the entries with the page that you were given.
verify-unvouched = { $document }: the relay's signature in this file does not cover it.

## The coordination report. Tables have short heads; sentences beside them say what they mean.

report-title = Coordination report: { $title }
report-made = As of { $when }. Unless it says otherwise, a time is when the relay received something.
report-nothing = There is nothing of the kind yet.
report-date-wrong = { $date } is not a day. Write it like this: 2026-11-20
report-unread-checking = Not counted: { $title } is still being checked on this device.
report-unread-newer = Not counted: { $title } was made by a newer version of Entente.
report-unread-stopped = Counted only in part: { $title } has stopped on this device.
report-unread-hidden = Not counted, because you may not read it: what stands in { $places }.
report-turnaround = How long decisions take
report-clock-relay = By the relay's clock: from when it was somebody's turn until the answer arrived.
report-clock-authors = By the clocks of the authors' devices, as they claim: from when it was somebody's turn until the answer was written.
report-no-answers = Nothing has been decided in this time.
report-answers =
    { $count ->
        [one] { $count } answer: it took { $half }.
       *[other] { $count } answers: half came within { $half }, nine in ten within { $most }.
    }
report-head-answers = Answers
report-head-half = Half within
report-head-most = 9 in 10 within
report-head-working = In their hours
report-head-late = Late
report-head-changed = Changed something
report-part-of = { $part } of { $whole }
report-stage = { $place }, stage { $stage } ({ $teams })
report-ritual =
    { $place }: { $count ->
        [one] { $count } answer, and it
       *[other] { $count } answers, and none
    } changed anything. Is this step needed?
report-path-approved =
    { $place }: approved after { $count ->
        [one] { $count } version
       *[other] { $count } versions
    } in { $duration }
report-path-open =
    { $place }: { $count ->
        [one] { $count } version
       *[other] { $count } versions
    } in { $duration }, not approved yet
report-head-written = Put forward
report-head-waited = Waited
report-head-sent-back = Sent back
report-head-not-taken = Not taken
report-head-taken-back = Taken back
report-head-open = Still waiting
report-head-messages = Messages
report-compared = Before and after { $when }
report-before = Before
report-after = After
report-faster = Half of the answers now come { $percent } % sooner.
report-slower = Half of the answers now come { $percent } % later.
report-as-fast = Answers come as fast as before.
report-no-comparison = There are not enough answers on both sides of that day to compare.
report-waiting = On whom it waits
report-waiting-none = Nothing waits.
report-waits-version = A version of { $place }, by { $person }
report-waits-suggestion = A suggestion for { $place }, by { $person }
report-waits-signature = Signatures under { $place }
report-waits-for = waits for { $people } since { $since }
report-until = until { $when }
report-hours = Hours together in the year to come
report-hours-pair = { $first } and { $second }
report-hours-apart = { $apart } apart
report-hours-span = { $from } to { $until }
report-hours-usual = usually { $duration } a day
report-hours-total =
    { $total } on { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
report-hours-end = A calendar ends { $when }; later hours are not known.
report-authors = Who wrote how much
report-authors-note = Of what stands now: characters of texts, or where there are none, values. Deleted text counts for nobody.
report-percent = { $percent } %
report-one-sided = only { $party } so far
report-freshness = How fresh agreements are
report-signed = signed { $age } ago
report-approved = approved { $age } ago
report-lapsed = signed { $age } ago, lapsed
report-never = never approved or signed
report-unchanged = no change since
report-untouched = no change yet
report-changed-since =
    { $count ->
        [one] { $count } change since
       *[other] { $count } changes since
    }: { $people }
report-changed =
    { $count ->
        [one] { $count } change
       *[other] { $count } changes
    } so far: { $people }
report-drifted = this is not the signed text any more
report-review-due = time to look at it together again
report-lapses = signatures hold until { $when }
report-deciders = Who decides what, by the ground rules as they are
report-writes = written by { $people }
report-decides = suggestions decided by { $people }
report-approves = versions approved by { $people }
report-signs = signed by { $people }
report-unheld = nobody holds this role: { $people }
report-rounds =
    { $count ->
        [one] { $count } round
       *[other] { $count } rounds
    }
report-negotiations = Negotiations
report-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
report-negotiated = agreed after { $days }
report-negotiating = open for { $days }
report-negotiating-amber = open for { $days }: slow, a week is usual
report-negotiating-red = open for { $days }: about to be lost
report-exchanges =
    { $count ->
        [one] { $count } exchange
       *[other] { $count } exchanges
    }
report-exceptions = Exceptions: decisions outside the template, or for a team that was closed
report-exceptions-none = None in this time.
report-override = { $place }: { $person } decided outside the template, { $when }
report-local = { $place }: { $person } decided for a team that was closed, { $when }
report-ratified = ratified
report-objected = objected to
report-not-ratified = not ratified yet

## Offline, behind, forked, rewound

offline = No connection to the relay ({ $relay }). Your work is saved here; run entente sync later.
offline-since = No connection since { $when }.
relay-unreachable = The relay { $relay } does not answer: { $problem }. Your work is saved here; try again later, or ask whoever runs it.
relay-closed = The relay { $relay } ended the connection: { $problem }. Your work is saved here; try again later, or ask whoever runs it.
relay-closed-partnership = it does not have this partnership
relay-closed-protocol = the two programs did not understand each other; update the older one
relay-closed-key = it could not prove who it is
relay-closed-slow = this device did not keep up with it
relay-closed-stopping = it is being stopped
net-problem-address = this is not the address of a relay
net-problem-silent = nobody answers in time
net-problem-gone = the connection was cut off
net-problem-certificate = its certificate is not trusted
net-problem-other-service = something else than Entente answers there
net-problem-nobody = no relay is running there
net-problem-network = there is no way to it from this network
net-problem-name = its name is not known on the network
net-problem-other = the network reports error { $code }
relay-key-differs = { $relay } does not show the key that you know from your invitation, so nothing was sent. If the relay has moved, ask { $person }; otherwise somebody may be in between.
relay-version = The relay speaks another version ({ $version }). Update this program, or ask whoever runs the relay.
relay-full = The relay has no space left and only reads now. Your work is saved here; tell whoever runs the relay.
relay-clock = This device's clock differs from the relay's by { $duration }. Set it right; times of your changes are shown wrongly until then.
behind = This device is behind: { $person } changed this first. Run: entente sync
forked = The relay shows this device another record than before for "{ $document }", from entry { $seq } on. Nothing more is taken from it. Keep this folder and tell the leads of every team.
attested-unfit = The relay showed a document that does not fit together ({ $problem }). It is shown once it has been checked. Tell the leads of every team.
attested-contradicted = What the relay first showed of "{ $document }" is not what its record says. The record stands. Tell the leads of every team.
rewind-notice = The relay was set back { $when }, from entry { $from } to { $to } of "{ $document }". Devices refill what they have; nobody needs to write anything again.
rewind-refilled =
    { $count ->
        [one] { $count } entry was
       *[other] { $count } entries were
    } handed back to the relay from this device.
digest-differs = This device computes another state of "{ $document }" than the relay at entry { $seq }. It stays at the entry before. Update this program on all devices, then run: entente verify
rules-version-unknown = The partnership uses rules version { $version }, which this program does not know. You can read; to write, update this program.

## This device

not-joined = There is no partnership in { $folder } yet. Join one: entente join 'link' · Found one: entente found 'link' "Title"
store-locked = Another Entente is busy with this folder. Try again in a moment; if none is running, restart the device.
store-newer = This folder was written by a newer version of Entente. Update this program; nothing was changed.
store-damaged = The folder { $folder } is damaged ({ $problem }). Keep a copy of it, and join again with another folder: ask a lead of your team for an invitation.
store-cloned = This folder was copied from another device. Two devices must not share one key: invite this one with entente invite --device.
disk-full = The disk is full, so this was not saved. Make some space and run the command again; what was saved before is safe.
file-unreadable = { $file } cannot be read: { $problem }.
file-unwritable = { $file } cannot be written: { $problem }.
file-problem-missing = there is no such file
file-problem-permission = this account may not use it
file-problem-folder = it is a folder
file-problem-text = its content cannot be read
file-problem-full = the disk is full
file-problem-other = the system reports error { $code }
internal = Something unexpected happened: { $problem }. What was saved is safe. Please report this to whoever gave you Entente.

## Not understood

usage = { $problem }. See: entente { $command } --help
did-you-mean = Did you mean { $candidates }?
unknown-document = There is no document "{ $name }".
unknown-field = "{ $document }" has no field "{ $name }".
unknown-section = "{ $document }" has no section "{ $name }".
unknown-function = There is no function "{ $name }" in "{ $document }".
unknown-person = There is nobody called "{ $name }" here.
unknown-party = There is no team "{ $name }".
unknown-role = There is no role "{ $name }".
unknown-kind = There is no kind of document "{ $name }".
unknown-market = No team works in a market "{ $name }".
unknown-zone = There is no time zone "{ $name }".
unknown-device = You have no device "{ $name }".
unknown-value = "{ $value }" does not fit { $place }. Use one of: { $values }.
document-missing = That document is not on this device, or not on the relay yet. Run: entente sync
edit-problem-section = This kind of document has no section { $section }.
edit-problem-field = There is no field { $path } here; the fields are: { $known }.
edit-problem-no-row = There is no row { $row }; perhaps it was removed.
edit-problem-row-there = There is a row { $row } already.
edit-problem-type = { $path } holds something of another kind.
edit-problem-choice = { $path } cannot be { $word }. Choose { $choices }.
edit-problem-long = { $path } would be longer than { $limit } bytes.
edit-problem-range = { $path } is { $length } long; that position lies behind its end.
edit-problem-key = { $key } is not the id or the place of a row.
edit-problem-damaged = The document does not have the form that its kind describes. Run: entente verify
diff-no-entry = The record has no entry { $seq }. Which there are: entente doc log
ambiguous-name = "{ $name }" fits several: { $candidates }. Please name one in full.
name-needed = Please say who you are: --me "First Last"
    .app = Please say who you are.
team-needed = Please name the team: --team moscow
    .app = Please name the team.
zone-needed = Please give the team's time zone: --zone Europe/Moscow
    .app = Please choose the team's city or time zone.
text-too-long = This text is longer than { $limit } characters. Please shorten it.

# Details that the shared crate and the relay tell in English: the same words as there. `$rest` is a detail
# itself, `$word` has no spaces. See client/src/words/details.rs.
detail-rule = rule `{ $a }`: { $rest }
detail-rules-text = the rules cannot be read: { $rest }
detail-rules-file = a file has `judge_version`, a number, and `[[rule]]` tables; nothing else
detail-rules-version = these rules are for version { $a }; this program knows version { $b }
detail-rules-same = two rules are called `{ $a }`
detail-rules-many = at most { $a } rules
detail-rule-later = rules version { $a } does not know `{ $b }`: it comes with a later version; leave it out
detail-rule-key = `{ $a }` is not a part of a rule; known are: id, { $b }
detail-rule-unbound = `{ $a }` is used, but the section of `{ $b }` has no { $c }
detail-rule-twice = `{ $a }` lists `{ $b }` twice
detail-rule-bytes = bytes of a rule: at most { $a }
detail-rule-items = items of a list in a rule: at most { $a }
detail-rule-form = the stored text is not in the one form that rules have
detail-rule-nowhere = `on` names no section
detail-rule-idle = the rule gives nobody any right: read, propose, edit or endorse
detail-rule-hold-whom = `hold` needs `endorse`: who decides
detail-rule-hold-whole = `hold` is for whole sections: name no fields
detail-rule-read-whole = `read` is for whole sections: leave out the #field
detail-rule-fields-once = name fields by `fields` or by #field, not by both
detail-rule-charter-only = `grants` and `not_self` are for sections of the charter
detail-rule-name = `name` has one line of text in ru and in en
detail-rule-grants = `grants` lists roles without a team
detail-rule-id = an id has 1 to 64 letters a-z, digits and hyphens
detail-rule-no-id = it has no `id`
detail-pattern = `{ $a }`: { $rest }
detail-pattern-target = expected kind:section
detail-pattern-kind = the kind before the colon has letters a-z, digits and hyphens
detail-pattern-role = a role has letters a-z, digits and hyphens
detail-pattern-team = before the slash stands a team, *, {"{"}party{"}"} or {"{"}market{"}"}
detail-pattern-fields = `fields` lists the names of top-level fields
detail-toml = TOML parse error at line { $a }, column { $b }
detail-in = { $word }: { $rest }
detail-two-values = two values for { $a }
detail-charter-section = not a section of the ground rules
detail-charter-person = a person's id
detail-charter-role = a role's name
detail-charter-two-teams = person { $a } belongs to two teams
detail-charter-no-team = the calendar of no team
detail-charter-many = too many teams or people
detail-charter-people-of = people of { $a }, which is no team
detail-charter-team-id = a team's id has letters a–z, digits and hyphens
detail-charter-language = the language is ru or en
detail-charter-market-id = a market's id has letters a–z, digits and hyphens
detail-charter-row = { $word } is not a row
detail-charter-map = not a map
detail-charter-key = unknown key { $a }
detail-charter-map-of = { $word } is not a map
detail-charter-text = { $word } is not a plain text
detail-charter-missing = { $word } is missing
detail-charter-lead = { $word } would have no lead
detail-charter-founder = the founder is a lead of the founding team
detail-hours = working hours: { $rest }; expected for example "Mon-Fri 10:00-19:00"
detail-offsets = offsets: { $rest }; expected for example "2026-11-01T00:00Z +03:00, until 2028-11-01T00:00Z"
detail-holidays = holidays: { $rest }; expected for example "2027-01-01..2027-01-08, 2027-02-23"
detail-hours-none = no hours are given
detail-hours-twice = { $a } { $b } is given twice
detail-hours-comma = a comma is missing before "{ $a }"
detail-hours-empty = a group between commas is empty
detail-hours-no-day = "{ $a }" names no weekday
detail-hours-no-span = "{ $a }" gives no hours
detail-hours-day = "{ $a }" is not one of Mon Tue Wed Thu Fri Sat Sun
detail-hours-span = "{ $a }" is not a span such as 10:00-19:00
detail-hours-order = "{ $a }" does not end after it begins, or passes midnight (split it at 24:00)
detail-offsets-none = the table has no row
detail-offsets-many = the table has more than 64 rows
detail-offsets-old = the table begins before 1970
detail-offsets-order = the rows are not in the order of time
detail-offsets-end = the table ends before its last row
detail-offsets-long = the table covers more than ten years
detail-offsets-far = an offset is more than 18 hours
detail-offsets-after = "{ $a }" stands after the end of the table
detail-offsets-until = the end ("until …") is missing
detail-offsets-row = "{ $a }" is not an instant and an offset
detail-offsets-instant = "{ $a }" is not an instant such as 2026-11-01T06:00Z
detail-offsets-offset = "{ $a }" is not an offset such as +03:00
detail-text-long = the text is longer than 16 KiB
detail-holidays-date = "{ $a }" is not a date such as 2027-01-31
detail-holidays-order = "{ $a }" ends before it begins
detail-holidays-many = more than { $a } dates
detail-invitation-unknown = unknown
detail-invitation-used = used
detail-invitation-back = taken back
detail-invitation-expired = expired
detail-invitation-long = valid for more than 72 hours
detail-invitation-team = for somebody who is not in that team
detail-invitation-row = changes more than the invited person's row
detail-invitation-recovery = the recovery key of another team
detail-invitation-lead = another lead joined before
detail-invitation-key = only a lead brings a recovery key
detail-invitation-device = made for another device
detail-no-device = no such device
detail-no-person = no such person
detail-no-invitation = no such invitation
detail-kind = kind { $a }, schema { $b }
detail-section = section { $a } of kind { $b }
detail-not-signed = { $word } is not signed
detail-subject = { $word } speaks of a team or market that is not in the ground rules
detail-capacity = this capacity needs a later rules version
detail-objecting = objecting needs a later rules version
detail-due-time = a due time needs a later rules version
detail-local-versions = local authority is for versions
detail-objection-reason = an objection says why
detail-signing = only the ground rules are signed in rules version 1
detail-relay-stops = it stops
detail-relay-partnership = it cannot read this partnership
detail-relay-restored = it was restored and recovers what was lost
detail-relay-asks = it asks clients for entries that it has lost
detail-relay-disk = its disk is nearly full
detail-relay-store = its store failed
detail-relay-copy = its copy of this document is damaged
detail-relay-full = its operator ({ $a }) lets this partnership store { $b }, and it has
detail-relay-full-unnamed = its operator lets this partnership store { $a }, and it has
detail-malformed-signature = the signature is not valid
detail-malformed-payload = a payload is missing
detail-malformed-partnership = another partnership
detail-malformed-session = this session may not submit such a statement
detail-pattern-star = in a section, * stands at the end only
detail-pattern-once = a section names each of {"{"}party{"}"}, {"{"}market{"}"}, {"{"}person{"}"} once at most
detail-pattern-section = a section has names of a-z, 0-9 and hyphens, {"{"}party{"}"}, {"{"}market{"}"}, {"{"}person{"}"} or *
detail-pattern-mark = the one mark that fields have is @translation
detail-pattern-empty = a field has no empty part between slashes
detail-pattern-field = a field has keys, * for one key, and ** at the end only
detail-relay-not-stored = it could not store this
detail-rule-sign = `sign` needs `all_of`: who signs
detail-rule-sign-whole = `sign` and `chain` are for whole sections: name no fields
detail-rule-sign-charter = the ground rules are signed by the leads of all teams: leave out `sign` and `chain`
detail-rule-chain = `chain` has 1 to 8 `stages`
detail-rule-local = `local` is for versions of whole sections, and not of the ground rules
detail-rule-rounds = a stage has 1 to 99 `rounds`
detail-rule-band-field = `band` is for one field of money: name it, such as terms:offer/{"{"}market{"}"}#rate, without *
detail-rule-band-charter = the ground rules hold no money: leave out `band`
detail-rule-band-whom = `band` needs `edit`: who moves inside it, and `endorse`: who decides beyond it
detail-pattern-base = a band is measured from "last signed or endorsed"
detail-pattern-percent = `percent` is 15, or "7.5" in quotes: above 0, at most 100
detail-override-reason = going beyond a band needs a reason
detail-pattern-signature = say whose signature: moscow/lead, {"{"}party{"}"}/lead, or */lead
detail-pattern-days = expected for example "90 days"
detail-pattern-chain = a chain is of "version"
detail-pattern-escalate = expected for example "tell both, then moscow/director"
detail-pattern-due = expected for example "2 working days", "4 working hours" or "12 hours"
detail-pattern-local-role = say a role of one team, such as moscow/lead: its hours count
detail-pattern-local-when = expected for example "moscow closed", the team that `instead_of` names
detail-pattern-local-due = expected for example "12 hours"
detail-pattern-local-known = expected for example "2 working hours of moscow", the team that `instead_of` names
detail-pattern-local-uses = expected for example "3 a week"
detail-pattern-local-ratify = expected for example "1 working day"
detail-charter-version = the rules version goes from { $a } up, never back
details-in-english = { $detail }
