### What only the web says in English, beside en.ftl.

## The frame

web-language = Language
web-close = Close
web-continue = Continue
web-copy = Copy
web-copied = Copied
web-share = Share
web-print = Print
web-download = Download
web-save = Save
web-saved = Saved.
web-add = Add
web-remove = Remove
web-remove-named = Remove: { $name }
web-removed = removed
web-done = Done
web-open = Open
web-create = Create
web-later = Later
web-more = More
web-moment = One moment…
web-yes = yes
web-no = no
web-now = now
web-all = All
web-choose = Choose…
web-reload = Load again
web-broken-title = What is stored here cannot be opened
web-state = The state of things
web-skip = Skip to the content
web-places = Places
web-documents = Documents
web-people = People
web-rules = Ground rules
web-inbox = Inbox
web-device = This device
web-undo = Undo
web-redo = Redo
web-undo-done = Undone.
web-redo-done = Done again.
web-undo-nothing = There is nothing of yours to undo here.
web-redo-nothing = There is nothing to do again.
web-new-version = A new version of Entente is ready. Nothing that you wrote is lost.
web-new-version-go = Use it now
web-put-away = Put this note away
web-ended = This device's access has ended. You can read what is stored here; what you wrote can still be handed in as suggestions.
web-lost =
    This browser lost what was stored here. { $count ->
        [one] { $count } change
       *[other] { $count } changes
    } from before { $when } had not been sent. If the app is open on another device of yours, look there first.

## Sync, in words

web-saved-waiting =
    Saved on this device · { $count ->
        [one] { $count } change waiting
       *[other] { $count } changes waiting
    }
web-on-relay = On relay { $when }
web-on-relay-now = Everything is on the relay
web-offline-since = no connection since { $when }
web-offline-all-sent = No connection · all on relay { $when }
web-offline = No connection · everything is kept on this device
web-connecting = Connecting…
web-needs-you = Needs you: { $count }
web-needs-you-short = need you
web-waits-others = Waiting for others: { $count }
web-unsent = Not sent yet: { $count }
web-at-work = at work
web-closed = closed
web-opens-in = opens in { $duration }
web-hours-unknown = hours not known
web-not-on-relay = on this device only

## Search and keys

web-search = Search
web-search-hint = Go to a document, or find a text
web-search-results = Results
web-search-offline = Searches all documents on this device, offline too.
web-search-count =
    { $count ->
        [one] { $count } place found
       *[other] { $count } places found
    }
web-keys = Keyboard
web-keys-layout = Letters mean keys, so they work under any keyboard layout.
web-keys-grid = In the matrix, one Tab leads in and one leads out. Letters mean keys, so they work under any layout.
web-key-arrows = Move between cells
web-key-home = First, last cell of the row
web-key-edit = Change the cell
web-key-escape = Close, back to the cell
web-key-paste = Paste cells of a spreadsheet

## Start

web-start-foot = Kept on your own devices and on your teams' own relay. No account, no password.
web-welcome-title = Who does what, agreed by both teams
web-welcome-lead = Entente keeps the documents on which two teams agree. To begin you need a link: an invitation from a colleague, or the founding link from whoever runs your relay.
web-welcome-link = Your link
web-welcome-link-help = Paste all of it; it stays on this device.
web-welcome-here = Partnerships in this browser
web-link-none = This is no link of Entente. Copy all of it, from https:// to the end.
web-found-title = Begin with your two teams
web-found-lead = Six short answers, and you have a link for the other lead.
web-found-own = Your team
web-found-other = The other team
web-found-own-example = Morosha, marketing
web-found-other-example = Harbor Creative
web-team-name = Team name
web-team-city = City
web-found-me = Your name
web-found-me-example = Anna Orlova
web-found-lead-name = Name of its lead
web-found-lead-example = Dana Reyes
web-found-first = What do you want to settle first?
web-begin-matrix = Who does what
web-begin-matrix-help = What each team owns, where it supports, what nobody has taken.
web-begin-brief = A brief
web-begin-brief-help = One brief for all markets, with a part for each.
web-begin-playbook = How we work
web-begin-playbook-help = Decisions, dates, who talks to whom, who approves.
web-found-go = Begin
web-found-busy = Setting up…
web-found-next = Next: one link for the other lead.
web-founded-title = Ready. Now invite the other lead
web-founded-lead = Two things before you go on: send the link, and put your recovery key away.
web-founded-go = Open the document
web-invitation-for = For { $person }
web-invitation-until = Works once, until { $until }. Send it to { $name } only.
web-invitation-tongue = Language of the message
web-invitation-message = The message
web-tongue-both = Both languages
web-tongue-ru = Russian
web-tongue-en = English
web-copy-message = Copy the message
web-copy-link = Copy the link
web-recovery-title = Recovery key of { $party }
web-recovery-why = If { $party } ever loses all its devices, this key lets the team back in. It is shown only now: put it on paper or keep the file away from this device.
web-recovery-use = With it { $party } gets back in if all its devices are lost, at:
web-recovery-kept = It is put away, continue
web-join-title = { $title }
web-join-title-plain = Your invitation
web-join-lead = { $inviter } invites you to work on this together.
web-join-device = One more device for { $person }.
web-join-arriving = Asking the relay about this invitation…
web-join-you = You are
web-join-as = Your part
web-join-relay = The relay
web-join-operator = Run by { $operator }, who can read what is stored there.
web-join-operator-unknown = Whoever runs it can read what is stored there.
web-join-go = Join
web-join-busy = Joining…
web-join-uses-up = Only this button uses up the invitation.
web-join-until = It is good until { $until }.
web-join-key = Joining makes a key on this device. There is no password: whoever has this device unlocked can write as you, so lock it when you leave it.
web-join-nothing-used = Nothing is used up yet: the link stays good.
web-joining-title = One moment
web-joining = The relay is being told. This page goes on by itself.
web-joining-offline = There is no connection now. This page goes on by itself as soon as there is one.
web-joined-title = You have joined
web-joined-lead = You are the first of your team, so here is its recovery key.
web-inapp-title = Open this in your browser
web-inapp-why = This page is shown inside another app. Such windows forget what they store, so your key would be lost.
web-inapp-copy = Copy the link:
web-inapp-open-android = Open Chrome or another browser and paste it; or use the menu ⋮ and "Open in browser".
web-inapp-open-ios = Open Safari and paste it; or use the button at the edge of the window and "Open in Safari".
web-home-title = First, put Entente on your home screen
web-home-why = Safari forgets what a page stores after some days without a visit. From the home screen it is kept.
web-home-copy = Copy your link:
web-home-add = In Safari, choose Share, then "Add to Home Screen".
web-home-open = Open Entente from the home screen and paste the link there.
web-home-stay = Go on in this window
web-recover-title = Back in with your recovery key
web-recover-lead = For a team that has lost all its devices. The key is on the sheet that was put away when the team joined.
web-recover-key = Recovery key
web-recover-key-help = Fourteen groups of four; spaces and capitals do not matter.
web-recover-name = Your name, as it stands among the people
web-recover-go = Check the key
web-recover-join = Go on, on this device
web-agree-title = The ground rules
web-agree-lead = Who may write what, in plain sentences. They are in force once a lead of each team has signed; until then each team edits its own parts.
web-agree-sign = Agree and sign
web-agree-read = Read and sign
web-signed = Signed.
web-suggest = Suggest a change
web-suggest-stop = Done suggesting

## Documents

web-new-document = New document
web-no-documents = No documents yet
web-no-documents-help = Begin with who does what: it shows in minutes where you both do the same, and what nobody does.
web-new-kind = What is it?
web-new-title = Title
web-new-title-help = Left empty, it is called after its kind.
web-changed = Changed { $when }
web-unsafe-title = This page needs a secure connection
web-unsafe-lead = It was opened over plain http from another machine. Browsers keep no keys for such a page, so nothing can be written here.
web-unsafe-try = The same page may be there with a secure connection (https):
web-unsafe-go = Open { $host } securely
web-unsafe-operator = If it is not, tell whoever runs the relay: it needs a certificate, or a program in front of it that has one. On the machine of the relay itself, open it as localhost.
web-set-aside = Set aside: the app stopped at it twice
web-set-aside-retry = Try it again
web-not-here = Nothing to show here
web-being-checked = Shown as the relay tells it; being checked.
web-stopped = Not followed any further on this device.
web-waiting-count =
    { $count ->
        [one] { $count } suggestion waits
       *[other] { $count } suggestions wait
    }
web-both = Both do this
web-both-agreed = Both, agreed
web-nobody = Nobody does this
web-two-values = Two values
web-both-count = { $count ->
        [one] { $count } thing you both do
       *[other] { $count } things you both do
    }
web-nobody-count = { $count ->
        [one] { $count } nobody does
       *[other] { $count } nobody does
    }
web-conflict-count =
    { $count ->
        [one] { $count } field with two values
       *[other] { $count } fields with two values
    }
web-document-menu = More for this document
web-content = Content
web-document-parts = Parts of the document
web-talk = Talk
web-history = History
web-last-changed = last changed by { $person }
web-download-document = Download my copy
web-section-unreadable = This part is not shown to your role.
web-no-reason = No reason written yet.
web-not-written = Not written yet
web-no-rows = Nothing here yet.
web-add-row = Add: { $what }
web-new-row = a new one
web-row-menu = Move or remove: { $name }
web-move-up = Move up
web-move-down = Move down
web-person-hint = Name
web-in-tongue = { $label }, { $tongue }
web-both-languages = Show both languages
web-source = source
web-translation-current = translation current
web-translation-missing = not translated yet
web-translation-outdated-ru = older than the Russian
web-translation-outdated-en = older than the English
web-translation-mark = Mark as translated
web-emptied = empty
web-writes = Written by { $people }
web-theirs = For { $people } to write
web-decides = suggestions go to { $person } ({ $presence })
web-changed-by = { $person }, { $when }
web-who-decides = Who decides what:

## The matrix

web-function = Function
web-function-add = Add a function
web-function-label = Name
web-function-scope = What it covers
web-function-remove = Remove the function
web-function-new-help = In your language; the other side can follow.
web-unnamed = (no name yet)
web-edit-named = Change: { $name }
web-you-fill = you fill this
web-fills = { $person } fills this
web-hidden-cell = not shown to you
web-grid-hint = Arrows move, Enter changes, cells of a spreadsheet can be pasted.
web-evidence-count =
    { $count ->
        [one] { $count } case study
       *[other] { $count } case studies
    }
web-cell-you-suggest = You suggest: { $value }
web-cell-suggests = { $person } suggests: { $value }
web-claim = What the team does here
web-person = Person
web-suggesting-cell = This column is for the other team to fill. What you choose here is collected as a suggestion.
web-read-only-cell = You can read this cell; your role does not write in it.
web-to-settle = To settle
web-to-settle-before = To settle before signing
web-all-settled = All settled: nothing is done twice, and nothing is left over.
web-agreed-count =
    { $count ->
        [one] { $count } agreed
       *[other] { $count } agreed
    }
web-choices = How to share it
web-agree-choice = Write it down
web-agreed-written = { $function }: { $choice }
web-split = Agreed split
web-gap-supporters = Offer support: { $teams }
web-to-discuss = Still to decide
web-we-take-it = We take it
web-matrix-about = What each team brings
web-pasted =
    { $written ->
        [one] { $written } cell written
       *[other] { $written } cells written
    }, { $suggested ->
        [one] { $suggested } suggestion
       *[other] { $suggested } suggestions
    }, { $skipped ->
        [one] { $skipped } not understood
       *[other] { $skipped } not understood
    }.

## The brief and the playbook

web-brief-parts = Parts of the brief
web-brief-complete = Everything that must be written is written.
web-brief-missing =
    { $count ->
        [one] { $count } thing still to write
       *[other] { $count } things still to write
    }
web-lacks-ru = missing in Russian
web-lacks-en = missing in English
web-lacks-pillars =
    { $count ->
        [one] { $count } theme; three or four are wanted
       *[other] { $count } themes; three or four are wanted
    }
web-undecided =
    { $count ->
        [one] { $count } topic without a decider
       *[other] { $count } topics without a decider
    }
web-unheld =
    { $count ->
        [one] { $count } part that nobody plays
       *[other] { $count } parts that nobody plays
    }
web-band = The next 24 hours
web-band-open = at work
web-band-shared = all at work

## Suggestions

web-waits-for-you = Waiting for you
web-waits-for-others = Waiting for others
web-waits-nobody = Waiting: nobody can decide this now
web-why-waits = Why it waits
web-approve = Approve
web-approved = Approved.
web-not-take = Not take it
web-send-back = Send back
web-take-back = Take back
web-reason = Why, for { $person }
web-reason-help = It stays in the record beside the suggestion.
web-loses = A later change would win over this value; approving sets it again.
web-hidden = What it says is not shown to your role.
web-more-changes =
    { $count ->
        [one] and { $count } more change in the same suggestion
       *[other] and { $count } more changes in the same suggestion
    }
web-becomes = becomes
web-act-invite = Invite { $person }
web-act-enrol = Let { $person } in
web-act-revoke = End the access of { $person }
web-you-suggest = You suggest:
web-not-sent = not sent yet
web-drop = Drop
web-tray = Your suggestions
web-tray-count =
    { $title }: { $count ->
        [one] { $count } suggestion, not sent yet
       *[other] { $count } suggestions, not sent yet
    }
web-tray-review = Look and send
web-tray-deciders = It goes to: { $deciders }
web-tray-message = Message
web-tray-message-help = One message for all of it: why it would be better.
web-tray-send =
    { $count ->
        [one] Send the suggestion
       *[other] Send as one suggestion
    }
web-inbox-calm = Nothing waits for you
web-inbox-calm-help = Suggestions for you, open choices and what waits for others appear here.
web-kept-here = Kept on this device
web-ask = can do it: { $people }
web-conflict =
    { $count ->
        [one] { $count } value stands here
       *[other] { $count } values stand here
    }: choose one
web-conflict-look = Look and choose
web-conflict-title = Both wrote here
web-conflict-why = Each was written without seeing the other. Nothing is lost: choose the one that shall stand.
web-conflict-stands = Stands until somebody chooses.
web-conflict-keep = Keep "{ $value }"
web-conflict-suggest = Suggest to keep "{ $value }"
web-conflict-new = To write something new instead, close this and change the field: that settles it too.

## History and talk

web-both-edited = Both edited this paragraph without seeing each other
web-both-compare = Show what each changed
web-both-hide = Hide it again
web-both-wrote = { $person }:
web-both-stands = What stands there now, put together letter by letter:
web-keep-mine = Keep mine
web-keep-theirs = Keep what { $person } wrote
web-write-new = Write something new
web-both-leave = It is fine as it stands
web-ask-person = Ask { $person }
web-ask-title = A question to the person who decides
web-ask-whom = Whom
web-ask-text = Question
web-ask-help = It stands in the talk beside the document, and waits in that person's inbox.
web-ask-send = Ask
web-ask-which = Which shall stand: { $place }?
web-asked = Asked: { $person }. The question stands in the talk beside the document.
web-asked-you = You are asked
web-you-asked = You asked, no answer yet
web-talk-open = Open the talk: { $title }
web-talk-begin = Talk about it
web-talk-about = About: { $place }
web-talk-asks = A question to { $person }
web-talk-there = Show it
web-talk-reply = Answer
web-decide = Write down the decision
web-decide-anew = Change the decision
web-decide-text = What was decided
web-decide-stands = It also goes to: { $place }.
web-decide-here = It stands with this thread, with your name and the time.
web-decide-go = Decided
web-decided = Decided
web-decided-stands = Stands in: { $place }
web-source-changed-ru = What changed in the Russian since
web-source-changed-en = What changed in the English since
web-source-then-unknown = The text that was translated is not in the record, so there is nothing to compare with.
web-presence = Here now
web-presence-in = { $person }: { $section }
web-presence-title = Who is here
web-presence-help = While you look at a document, those who may read it see your name and the part that you are in, and you see theirs. Nothing of it is recorded.
web-presence-on = Take part on this device
web-agreed-text = Agreed
web-compare = What changed
web-compare-from = Compare from here
web-compare-to = to here
web-compare-same = Nothing differs.
web-restore = Bring back
web-restored = Brought back, as a new edit.
web-restored-message = As it was on { $when }
web-talk-empty = No messages yet
web-talk-help = Questions and answers beside the document, where both teams find them again.
web-talk-say = Your message
web-talk-send = Send

## Ground rules and people

web-rules-since = In force since { $when }
web-rules-proposed = Proposed, not in force yet
web-rule-new = Add a rule
web-rule-change = Suggest another rule
web-rule-change-named = Suggest a change of "{ $name }"
web-rule-name = What the rule is called
web-rule-what = What it is about
web-rule-who = Who may what
web-rule-role = Role
web-rule-team = Team
web-rule-read = Read
web-rule-propose = Suggest
web-rule-edit = Write
web-rule-endorse = Decide
web-rule-hold = Every change waits for those who decide
web-rule-any-team = any team
web-rule-its-team = the team itself
web-rule-each-team = each team
web-rule-oneself = The person themselves
web-rule-all-parts = all parts
web-rule-says = The rule would say:
web-rule-not-yet = As soon as it has a name in both languages, something that it is about and somebody who may something, you read here what it says.
web-rule-remove = Suggest to remove it
web-rule-lacks-name = Give the rule a name in Russian and in English.
web-rule-lacks-what = Choose what the rule is about.
web-rule-lacks-who = Choose who may what.
web-rule-lacks-decider = If every change waits, somebody has to decide: choose who.
web-rules-as-text = All rules as text
web-rules-read = Read the ground rules
web-rules-nobody-yet = nobody yet
web-signatures = Signatures
web-signed-by = { $person } ({ $party }) signed { $when }
web-unsigned = { $party }: still to sign
web-gaps =
    { $count ->
        [one] { $count } thing worth settling
       *[other] { $count } things worth settling
    }
web-gap-role = Nobody has this role yet: { $role }
web-gap-role-in = Nobody has this role yet: { $role } ({ $teams })
web-gap-only = { $rule }: only { $person } can do this; a second person would be safer
web-gap-right = { $rule }: nobody can do this now
web-rules-change = Suggest a change to the ground rules
web-rules-change-help = Change a line and say why. It takes a lead of each team; until then the rules stay as they are.
web-rules-text = The rules as text
web-rules-propose = Suggest
web-invite = Invite
web-invite-to = Invite somebody to { $party }
web-invite-make = Make the link
web-invited = The invitation
web-person-name = First and last name
web-person-menu = For { $person }
web-roles = Roles
web-roles-change = Change roles
web-roles-of = Roles of { $person }
web-roles-help =
    { $count ->
        [one] The team has { $count } person now.
       *[other] The team has { $count } people now.
    } Nobody changes their own role.
web-remove-person = End access
web-remove-person-sure = End the access of { $person }? What { $person } wrote stays.
web-replace-device = Replace a lost device
web-replace-help = The lost device's access ends at once, and { $person } gets a link for a new one.
web-replace-which = Lost
web-replace-go = End it and make a link
web-hours = Working hours
web-hours-of = Working hours of { $party }
web-hours-help = For example: Mon-Fri 10:00-19:00
web-hours-until = known until { $date }
web-hours-change = Change
web-holidays = Holidays
web-holidays-help = Days such as 2026-12-31, separated by spaces.

## This device

web-device-add = Add a device of mine
web-device-scan = Scan this with the camera of the new device, or open the link there.
web-device-qr = QR code with the link for the new device
web-device-until = Works once, until { $until }. It lets in one device, as you.
web-device-unnamed = a device
web-device-lost = Lost
web-device-end = End access
web-device-lost-sure = Report { $device } as lost? Nothing more is taken from it.
web-device-end-sure = End the access of { $device }?
web-keeping = Kept on this device
web-kept = The browser has promised to keep what is stored here.
web-not-kept = The browser may clear what is stored here when space runs short. Installing Entente, or syncing often, is safer.
web-keep-unknown = With your first edit, the browser is asked to keep what is stored here.
web-install = Install Entente
web-check = Check the record
web-check-help = Replays every signature and every decision on this device, and compares with the relay.
web-check-go = Check now
web-check-busy = Checking…
web-copy-mine = Download my copy
web-copy-help = One file with everything that you may read and what is not sent yet. Another device, or the command line, takes it in.
web-import = Take in a file
web-relay = The relay

## Versions and signatures

web-state-draft = Draft
web-state-draft-unsigned = Draft, signed { $done } of { $needed }
web-state-review = In review, { $round }
web-state-approved = Approved
web-state-changed = Changed since it was approved
web-state-changed-signed = Changed since it was signed
web-state-signed = Signed { $done } of { $needed }
web-state-lapsed = The signatures have lapsed
web-state-since = since { $when }
web-state-approved-then = approved { $when }
web-state-signed-then = { $person } signed { $when }
web-valid-until = valid to { $date }
web-send-version = Send version
web-send-next = Send the next version
web-send-title = Send version { $number } for approval
web-send-help = Everybody goes on writing meanwhile: what is approved is the text as it stands now.
web-send-to = It goes to
web-send-message-help = What is new, or what should be looked at.
web-send-go = Send for approval
web-version-sent = Sent for approval to { $people }.
web-version-yours = A version waits for your answer
web-version-look = What changed, and who is asked
web-version-first = This is the first version: all of it is new.
web-version-first-own = No version was sent before.
web-version-since = Changed since the last version
web-version-moved = The text has changed since. Your answer is about the version as it was sent.
web-versions-earlier =
    { $count ->
        [one] { $count } earlier version
       *[other] { $count } earlier versions
    }
web-came-back = { $person } sent it back { $when }
web-chain-asked = asked
web-chain-due = due
web-chain-asked-now = asked now
web-chain-approved = approved by { $person } { $when }
web-chain-own = approved
web-chain-nobody = nobody holds this role
web-chain-over =
    { $rounds ->
        [one] The { $rounds } planned round is used up: both teams see it, and it goes on from here.
       *[other] The { $rounds } planned rounds are used up: both teams see it, and it goes on from here.
    }
web-sign-open = Sign…
web-sign-opens =
    { $count ->
        [one] Opens when the point above is settled.
       *[other] Opens when the { $count } points above are settled.
    }
web-sign-title = Sign: { $title }
web-sign-first-settle =
    { $count ->
        [one] To settle first: { $count } point
       *[other] To settle first: { $count } points
    }
web-sign-text = What you sign
web-sign-since = Changed since the last signature
web-sign-first = Nobody has signed this part before.
web-sign-does = What your signature does
web-sign-locks = Once everybody has signed, the text is locked: a change needs everybody who signed.
web-sign-holds = A later change ends the signatures; then everybody signs again.
web-sign-expires =
    { $days ->
        [one] The signatures hold for { $days } day.
       *[other] The signatures hold for { $days } days.
    }
web-sign-missing = Still to sign: { $people }.
web-sign-record = It records what the teams agreed. It is not a qualified electronic signature.
web-sign-go = Sign
web-role-in-team = { $team }: { $role }
web-locked = Signed text: a change needs { $people }
web-amend = Change signed text
web-amendment = Change to signed text
web-amendment-help = Once everybody who signed has agreed, it stands and is signed.
web-to-sign = Your signature is asked for
web-to-sign-not-ready = Something is to be settled first; the next page says what.
web-came-back-to-you = Came back to you
web-to-translate = To translate
web-suggest-again = Suggest it again
web-printed = Printed { $when }
web-override = On my responsibility…
web-override-help = You may let this stand on your own responsibility. Both teams see who did and why.
web-override-why = Why
