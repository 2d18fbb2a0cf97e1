### Всё, что Entente говорит по-русски. Файл общий для командной строки и веба.
###
### Сначала что произошло, затем что сделать или кого спросить. Человек стоит после двоеточия
### в именительном падеже. Родительный падеж команды: GENITIVE($party).
### `$agree` — «singular» или «plural»: число глагола при готовом подлежащем.

## Программа

help-about = Документы, о которых договорились команды: кто что делает, что создаём, как решаем.
help-found = Основать партнёрство и стать его первым руководителем
help-invite = Пригласить человека по одноразовой ссылке
help-join = Войти в партнёрство по приглашению
help-recover = Войти снова по ключу восстановления команды, если потеряны все её устройства
help-status = Что ждёт вас и чего ещё нет на сервере
help-sync = Отправить свои изменения и получить остальные
help-sync-watch = Оставаться на связи и синхронизировать до Ctrl-C
help-doc = Работа с документами
help-doc-new = Создать документ по шаблону
help-doc-list = Список документов
help-doc-show = Показать документ
help-doc-set = Заполнить одно поле
help-doc-edit = Править документ или раздел в редакторе
help-doc-log = История документа
help-doc-diff = Что изменилось между двумя точками истории
help-doc-export = Записать документ в файл
help-doc-record = Записать подписанное: страница для чтения и отправки, файл для проверки
help-doc-overlaps = Что делают обе команды, чего пока не делает никто и как это уладить
help-doc-ask = Отправить раздел на согласование как есть
help-doc-sign = Подписать раздел как есть
help-doc-conflicts = Поля с двумя значениями и выбор одного из них
help-held = Предложения, которые ждут решения
help-held-list = Что ждёт вас и что ждёт других
help-held-show = Показать предложение, его причину и последствия
help-held-endorse = Согласовать предложение
help-held-decline = Не принять предложение и указать причину
help-held-withdraw = Отозвать своё предложение
help-held-revise = Предложить заново то, что вам вернули
help-rules = Прочитать, подписать или изменить правила партнёрства
help-rules-show = Прочитать правила партнёрства
help-rules-sign = Согласиться с правилами и подписать их
help-rules-edit = Предложить изменение правил в редакторе
help-people = Список участников и их роли
help-roles = Список ролей и кто их исполняет
help-devices = Список ваших устройств, закрытие доступа устройству
help-why = Объяснить, почему правка ждёт решения или не прошла
help-report = Показать, как идёт совместная работа: сроки решений, кого ждут, кто пишет и кто решает
help-verify = Проверить все подписи и решения в истории
help-bundle = Обмен изменениями через файл, без сервера
help-bundle-create = Записать файл для партнёра
help-bundle-inspect = Показать, что в файле для партнёра
help-bundle-import = Принять изменения из файла партнёра
help-completions = Вывести подсказки для вашей оболочки
help-json = Вывести JSON для программ
help-data = Папка с данными вместо обычной
help-lang = Язык: en или ru

## Общие слова

list-and = { $first } и { $last }
list-or = { $first } или { $last }
list-also = { $first }, а также { $last }
list-comma = { $first }, { $last }
quoted = «{ $text }»
you = вы
none = нет
since = с { $when }
someone-unknown = неизвестный участник
party-unknown = неизвестная команда
more-of-list = и ещё { $count }
times-pair = { $first } / { $last }
person-role = { $person } ({ $role }, { $party })
person-presence = { $person } ({ $presence })
place-pair = { $first } · { $last }
change-from-to = { $from } → { $to }
hint-try = Попробуйте: { $command }
count-changes =
    { $count ->
        [one] { $count } изменение
        [few] { $count } изменения
        [many] { $count } изменений
       *[other] { $count } изменения
    }
count-suggestions =
    { $count ->
        [one] { $count } предложение
        [few] { $count } предложения
        [many] { $count } предложений
       *[other] { $count } предложения
    }
count-versions =
    { $count ->
        [one] { $count } версия
        [few] { $count } версии
        [many] { $count } версий
       *[other] { $count } версии
    }
count-entries =
    { $count ->
        [one] { $count } запись
        [few] { $count } записи
        [many] { $count } записей
       *[other] { $count } записи
    }
count-devices =
    { $count ->
        [one] { $count } устройство
        [few] { $count } устройства
        [many] { $count } устройств
       *[other] { $count } устройства
    }
count-people =
    { $count ->
        [one] { $count } человек
        [few] { $count } человека
        [many] { $count } человек
       *[other] { $count } человека
    }
count-documents =
    { $count ->
        [one] { $count } документ
        [few] { $count } документа
        [many] { $count } документов
       *[other] { $count } документа
    }
count-functions =
    { $count ->
        [one] { $count } функция
        [few] { $count } функции
        [many] { $count } функций
       *[other] { $count } функции
    }
count-sections =
    { $count ->
        [one] { $count } раздел
        [few] { $count } раздела
        [many] { $count } разделов
       *[other] { $count } раздела
    }
count-rules =
    { $count ->
        [one] { $count } правило
        [few] { $count } правила
        [many] { $count } правил
       *[other] { $count } правила
    }

## Время

duration-days-hours = { $days } дн. { $hours } ч
duration-days = { $days } дн.
duration-hours-minutes = { $hours } ч { $minutes } мин
duration-hours = { $hours } ч
duration-minutes = { $minutes } мин
duration-moment = меньше минуты
time-at = { $time } { $zone }
time-at-day = { $day } { $time } { $zone }
date-short = { $weekday } { $day } { $month }
date-long = { $weekday } { $day } { $month } { $year }
weekday-mon = пн
weekday-tue = вт
weekday-wed = ср
weekday-thu = чт
weekday-fri = пт
weekday-sat = сб
weekday-sun = вс
month-1 = янв
month-2 = фев
month-3 = мар
month-4 = апр
month-5 = мая
month-6 = июн
month-7 = июл
month-8 = авг
month-9 = сен
month-10 = окт
month-11 = ноя
month-12 = дек
presence-open = сейчас на работе
presence-open-until = на работе до { $time }
presence-closed = рабочий день начнётся через { $duration }
presence-unknown = рабочие часы неизвестны
presence-party-open = { $party }: сейчас на работе
presence-party-closed = { $party }: рабочий день начнётся через { $duration }
presence-party-unknown = { $party }: рабочие часы на эту дату неизвестны
together-now = вместе на работе до { $time }
together-next = снова вместе на работе: { $from }, в течение { $duration }
together-never = в календаре нет общих рабочих часов

## Роли. `.one` в предложении, `.plural`, `.genitive` и `.genitive-plural`,
## `.holders` как подлежащее правила.

role-lead = руководитель
    .one = руководитель
    .plural = руководители
    .genitive = руководителя
    .genitive-plural = руководителей
    .holders = руководитель
role-account-manager = менеджер
    .one = менеджер
    .plural = менеджеры
    .genitive = менеджера
    .genitive-plural = менеджеров
    .holders = менеджеры
role-coordinator = координатор
    .one = координатор
    .plural = координаторы
    .genitive = координатора
    .genitive-plural = координаторов
    .holders = координатор
role-translator = переводчик
    .one = переводчик
    .plural = переводчики
    .genitive = переводчика
    .genitive-plural = переводчиков
    .holders = переводчик
role-legal = юрист
    .one = юрист
    .plural = юристы
    .genitive = юриста
    .genitive-plural = юристов
    .holders = юристы
role-viewer = наблюдатель
    .one = наблюдатель
    .plural = наблюдатели
    .genitive = наблюдателя
    .genitive-plural = наблюдателей
    .holders = наблюдатели
role-creator = креатор
    .one = креатор
    .plural = креаторы
    .genitive = креатора
    .genitive-plural = креаторов
    .holders = креаторы
role-director = директор
    .one = директор
    .plural = директора
    .genitive = директора
    .genitive-plural = директоров
    .holders = директор

## Виды документов

kind-charter = правила партнёрства
kind-matrix = матрица ролей
kind-brief = бриф
kind-playbook = правила совместной работы
kind-terms = условия
kind-published-brief = опубликованный бриф

## Основание

found-done = Партнёрство «{ $title }» основано. Ваша роль на этом устройстве: { $role }, { $party }.
found-rules-proposed =
    Правила партнёрства: стандартные для { $count ->
        [2] двух команд
        [one] { $count } команды
        [few] { $count } команд
        [many] { $count } команд
       *[other] { $count } команды
    }, предложены. Вступят в силу, когда их { $agree ->
        [singular] подпишет
       *[plural] подпишут
    } и { $signers }.
found-rules-alone = Правила партнёрства: стандартные, предложены. Вступят в силу, когда их подпишет руководитель каждой команды.
found-recovery = Ключ восстановления ({ $party }). Запишите его и храните отдельно от этого устройства; он показан только один раз:
found-recovery-use = Если команда ({ $party }) потеряет все свои устройства, она вернёт доступ по ключу восстановления.
found-here-already = В этой папке уже есть партнёрство «{ $title }». Чтобы основать другое, укажите другую папку: --data.
found-link-used = Эта ссылка на основание уже использована. Попросите новую у того, кто ведёт сервер.
found-link-unknown = Сервер не знает этой ссылки на основание. Скопируйте целиком строку, показанную при первом запуске сервера, или спросите того, кто его ведёт.
found-link-malformed = Это не ссылка на основание. Она выглядит так: https://relay.example/#found-… ; скопируйте её целиком, в кавычках.
found-closed = На этом сервере партнёрство основывают только по ссылке. Попросите её у того, кто ведёт сервер.

## Приглашение

invite-done = Приглашение: { $person } ({ $role }, { $party }). Действует один раз, до { $until }:
invite-send = Отправьте ссылку только одному человеку: { $name }.
invite-message =
    { $inviter } приглашает вас в партнёрство «{ $title }»: в нём обе команды ведут, кто что делает, бриф и порядок работы.
    Откройте ссылку на своём устройстве; она сработает один раз, до { $until }:
invite-waits =
    Приглашение ждёт решения: { $deciders }. Ссылка заработает, как только приглашение { $agree ->
        [singular] согласует
       *[plural] согласуют
    } названные люди.
invite-offline = Ссылка заработает после синхронизации этого устройства. Выполните: entente sync
invite-team-new = Новая команда: { $party }. Она входит в правила партнёрства ещё одной строкой, рабочие часы стандартные: { $work }.
invite-role-not-grantable = Приглашение не создано ({ $person }): вы можете дать роли: { $grantable }. Роль «{ $role }» дают: { $deciders }.
invite-own-person = Вы уже здесь. Чтобы добавить ещё одно своё устройство, выполните: entente invite --device

## Вход

join-done = Вы в партнёрстве «{ $title }» (основатель: { $founder }; сервер ведёт { $operator } и может читать всё, что на нём хранится).
join-done-operator-unknown = Вы в партнёрстве «{ $title }» (основатель: { $founder }; тот, кто ведёт сервер, может читать всё, что на нём хранится).
join-rules-proposed =
    Предложены правила партнёрства: { $count ->
        [one] { $count } правило
        [few] { $count } правила
        [many] { $count } правил
       *[other] { $count } правила
    }. Автор: { $person }. Прочитать: entente rules · Согласиться: entente rules sign · Изменить: entente rules edit
join-rules-in-force = Правила партнёрства действуют. Прочитать: entente rules
join-role = Ваша роль на этом устройстве: { $role }, { $party }.
join-attested = Читать можно уже сейчас. Прежние записи проверяются в фоне; подписать можно будет после проверки.
join-expired = Срок приглашения истёк { $when }. Новое даст: { $inviter }. Каждое действует 72 часа.
join-used = Это приглашение уже использовано. Если не вами, сразу сообщите: { $inviter }. Возможно, вместо вас вошёл кто-то другой.
join-withdrawn = Это приглашение отозвано. Новое даст: { $inviter }.
join-unknown = Сервер ещё не знает этого приглашения. Возможно, нужна синхронизация у автора: { $inviter }. Попробуйте немного позже.
join-malformed = Это не приглашение. Оно выглядит так: https://relay.example/join#… ; скопируйте его целиком, в кавычках.
join-needs-relay = Для входа нужен сервер, а он сейчас недоступен. Приглашение действует до { $until }.

## Восстановление

recover-done = По этой ссылке участник войдёт снова: { $person }. Она действует один раз, 72 часа, на новом устройстве:
recover-malformed = Это не ссылка, которая стоит рядом с ключом восстановления. Она выглядит так: https://relay.example/recover#… ; скопируйте её целиком, в кавычках.
recover-key-mistyped = Это не ключ восстановления этого партнёрства. Проверьте буквы: в ключе четырнадцать групп по четыре знака.

## Правила

rules-title-in-force = Правила партнёрства «{ $title }», действуют с { $when }
rules-title-proposed = Правила партнёрства «{ $title }», предложены
rules-proposed-note = Пока правила не подписал руководитель каждой команды, каждая команда правит только свои разделы; остальное ждёт.
rules-line = { $rule }: { $sentence }
rules-signed-by = Подписано: { $signatures }.
rules-signature = { $person } { $time }
rules-signed-count = Подписано { $done } из { $needed }.
rules-in-force =
    Правила действуют для { $count ->
        [2] обеих команд
        [one] { $count } команды
        [few] всех { $count } команд
        [many] всех { $count } команд
       *[other] всех { $count } команд
    }.
rules-not-yet-in-force =
    Ещё не действуют: правила { $agree ->
        [singular] должен подписать и
       *[plural] должны подписать
    } { $signers }.
rules-signed-already = Вы уже подписали эти правила, { $when }.
rules-sign-moved = Пока вы читали, правила изменились. Прочитайте их ещё раз (entente rules) и подпишите.
rules-sign-conflict = В правилах два значения: { $place }. Сначала выберите одно: entente doc conflicts rules
rules-sign-attested = Подписать можно, когда это устройство проверит всю историю. Выполните: entente sync
rules-sign-not-yours = Ваша подпись здесь не нужна. Подписывают: { $signers }.
rules-edit-saved = Сохранено. Изменение предложено; решает руководитель каждой команды: { $deciders }.
rules-edit-unchanged = Ничего не изменилось.
rules-edit-invalid = Правила не сохранены: { $problem }. Ваш текст лежит в файле { $file }; исправьте его там и выполните: entente rules edit { $file }
rules-edit-collides = Ждёт решения: то же правило уже изменено { $when }. Автор: { $person }. Сравнить: entente held show { $id }
rules-edit-locks-out = Ждёт решения: после этой правки никто из команды ({ $party }) не сможет менять правила партнёрства. Оставьте хотя бы одного руководителя с действующим устройством.
rules-band = до { $percent } % от последнего согласованного значения без вопросов
rules-expires =
    { $count ->
        [one] подписи действуют { $count } день
        [few] подписи действуют { $count } дня
        [many] подписи действуют { $count } дней
       *[other] подписи действуют { $count } дня
    }
rules-locks = после подписания текст меняет только согласованная правка к подписанному
rules-grants = они могут дать роли: { $roles }
rules-not-self = себе ролей никто не даёт
rules-nobody = никто
rules-internal = креаторам не показывается

## Предложения о правах: сначала место в винительном падеже, потом кто

right-read =
    { $what } { $agree ->
        [singular] читает
       *[plural] читают
    } { $who }
right-edit =
    { $what } { $agree ->
        [singular] ведёт
       *[plural] ведут
    } { $who }
right-fill =
    { $what } { $agree ->
        [singular] заполняет
       *[plural] заполняют
    } { $who }
right-keep =
    { $what } { $agree ->
        [singular] ведёт
       *[plural] ведут
    } { $who }
right-talk =
    в { $what } { $agree ->
        [singular] пишет
       *[plural] пишут
    } { $who }
right-propose = правки в { $what } могут предлагать: { $who }
right-endorse =
    правки в { $what } { $agree ->
        [singular] согласует
       *[plural] согласуют
    } { $who }
right-hold = правки других участников в { $what } ждут решения: { $who }
right-sign =
    { $what } { $agree ->
        [singular] подписывает
       *[plural] подписывают
    } { $who }
right-approve = { $what } согласуют по версиям: { $stages }
right-band =
    { $what } можно менять в пределах { $percent } % от последнего подписанного или согласованного; дальше { $agree ->
        [singular] решает
       *[plural] решают
    } { $who }
rules-rounds =
    { $count ->
        [one] { $count } круг
        [few] { $count } круга
        [many] { $count } кругов
       *[other] { $count } кругов
    }
rules-within-working-days =
    { $count ->
        [one] за { $count } рабочий день
        [few] за { $count } рабочих дня
        [many] за { $count } рабочих дней
       *[other] за { $count } рабочих дней
    }
rules-within-working-hours =
    { $count ->
        [one] за { $count } рабочий час
        [few] за { $count } рабочих часа
        [many] за { $count } рабочих часов
       *[other] за { $count } рабочих часов
    }
rules-within-hours =
    { $count ->
        [one] за { $count } час
        [few] за { $count } часа
        [many] за { $count } часов
       *[other] за { $count } часов
    }
rules-over-budget = когда запланированные круги исчерпаны, решает: { $who }
rules-override = выйти за пределы под свою ответственность, объяснив причину, могут: { $who }
right-local = { $what } согласует на месте { $who }, если { $party } не работает и { $within }; подтверждает { $instead } { $ratify }
rules-local-due =
    { $count ->
        [one] до срока не больше { $count } часа
        [few] до срока не больше { $count } часов
        [many] до срока не больше { $count } часов
       *[other] до срока не больше { $count } часа
    }
rules-local-uses =
    { $count ->
        [one] не больше { $count } раза в неделю
        [few] не больше { $count } раз в неделю
        [many] не больше { $count } раз в неделю
       *[other] не больше { $count } раза в неделю
    }
rules-local-known =
    { $count ->
        [one] срок должен быть известен не меньше { $count } рабочего часа: { $party }
        [few] срок должен быть известен не меньше { $count } рабочих часов: { $party }
        [many] срок должен быть известен не меньше { $count } рабочих часов: { $party }
       *[other] срок должен быть известен не меньше { $count } рабочего часа: { $party }
    }
right-ground-rules = когда правила вступят в силу, их и список команд можно изменить только с согласия руководителя каждой команды
right-nobody = никто не исполняет роль, которая это может: { $right }
who-team = { $roles } { GENITIVE($party) }
who-each-team = { $roles } каждой команды
who-role = { $roles }
who-everybody = все участники команд
who-themselves = каждый сам
place-all = все документы
place-charter = правила партнёрства
place-charter-rules = правила
place-charter-parties = список команд
place-charter-people = список участников { GENITIVE($party) }
place-charter-people-each = список участников каждой команды
place-charter-people-own = список своих участников
place-charter-calendar = календарь { GENITIVE($party) }
place-charter-calendar-each = календарь каждой команды
place-charter-calendar-own = свой календарь
place-charter-roles = список ролей
place-matrix = матрицу
place-matrix-functions = список функций
place-matrix-party = колонку { GENITIVE($party) }
place-matrix-party-each = колонку каждой команды
place-matrix-party-own = свою колонку
place-matrix-split = согласованное разделение
place-matrix-escalation = список вопросов для руководителей
place-matrix-talk = обсуждение матрицы
place-brief = бриф
place-brief-universal = общую часть брифа
place-brief-market = раздел брифа «{ $party }»
place-brief-market-each = раздел брифа для каждого рынка
place-brief-market-own = раздел брифа для своего рынка
place-brief-talk = обсуждение брифа
place-playbook = правила совместной работы
place-playbook-decisions = порядок принятия решений
place-playbook-timeline = график
place-playbook-who = раздел «Кто с кем общается»
place-playbook-chain = цепочку согласования
place-playbook-talk = обсуждение правил совместной работы
place-terms = условия
place-terms-offer = предложение для рынка «{ $party }»
place-terms-offer-each = предложение для каждого рынка
place-terms-offer-own = предложение для своего рынка
place-terms-standard = стандартное предложение для рынка «{ $party }»
place-terms-standard-each = стандартное предложение для каждого рынка
place-terms-standard-own = стандартное предложение для своего рынка
place-terms-contract = договор для рынка «{ $party }»
place-terms-contract-each = договор для каждого рынка
place-terms-contract-own = договор для своего рынка
place-terms-talk = обсуждение условий
place-published-brief = опубликованный бриф
place-published-brief-brief = опубликованный бриф
place-published-brief-response = раздел для ответа ({ $party })
place-published-brief-response-each = ответ каждого участника
place-published-brief-response-own = свой ответ
place-other = раздел «{ $section }» ({ $kind })
place-kind-other = документы вида «{ $kind }»
place-field = поле «{ $field }» ({ $section })
place-translations = переводы ({ $kind })
market-ru = Россия
market-us = США

## Документы

doc-created = Создан документ «{ $title }».
doc-created-matrix =
    Создан документ «{ $title }»: { $count ->
        [one] { $count } функция
        [few] { $count } функции
        [many] { $count } функций
       *[other] { $count } функции
    }, колонки: { $parties }.
doc-created-brief = Создан документ «{ $title }»: общая часть и разделы рынков: { $markets }.
doc-created-playbook = Создан документ «{ $title }»: порядок решений, график, кто с кем общается, цепочка согласования.
doc-list-empty = Документов пока нет. Создать: entente doc new matrix "Кто что делает"
doc-list-kind = Вид
doc-list-title = Название
doc-list-changed = Изменён
doc-list-waiting = Ждёт решения
doc-not-on-relay = ещё не на сервере
doc-set-aside = На этом документе программа дважды остановилась, поэтому он отложен. Ничего из написанного в нём не пропало, остальные документы работают.
doc-not-followed = Документ оставлен как был: { $problem }. Новое в него не принимается; сообщите руководителям всех команд.
doc-stopped = Документ «{ $title }» оставлен как был: { $problem }. Новое в него не принимается. Сообщите руководителям всех команд и выполните: entente verify
doc-cell-hidden = не показывается
doc-mark-two-values = два значения
doc-unchanged = Ничего не изменилось.
doc-set-done = { $place }: { $from } → { $to }.
doc-section-hidden = Вашей роли не показывается. Читают: { $people }.
doc-section-written-by =
    { $agree ->
        [singular] заполняет
       *[plural] заполняют
    }: { $who }
doc-empty-field = пока не заполнено
doc-translation-current = перевод свежий
doc-translation-older = перевод старше исходного текста (язык: { $language })
doc-language-ru = русский
doc-language-en = английский
doc-signed-count = Подписано { $done } из { $needed }
doc-being-checked = Показано со слов сервера; проверяется. Править можно будет, когда проверка закончится.
doc-list-being-checked =
    { $count ->
        [one] { $count } документ показан со слов сервера; проверяется.
        [few] { $count } документа показаны со слов сервера; проверяются.
        [many] { $count } документов показаны со слов сервера; проверяются.
       *[other] { $count } документа показаны со слов сервера; проверяются.
    }
doc-read-only-newer = Документ «{ $title }» создан более новой версией Entente. Его можно читать; чтобы править, обновите программу.
newer-schema = У него версия формы { $schema }; эта программа знает версию { $known }.
newer-kind = Этой программе такой вид документа не знаком.
newer-unchecked = Проверено по подписи, порядку и времени: { $count ->
        [one] { $count } запись
        [few] { $count } записи
        [many] { $count } записей
       *[other] { $count } записи
    }. Кто что имел право сделать, проверит новая программа.
newer-sections = Нужна новая программа
newer-last = последнее изменение: { $person }, { $when }
newer-waiting = { $count ->
        [one] Похоже, ждёт решения { $count } предложение.
        [few] Похоже, ждут решения { $count } предложения.
        [many] Похоже, ждут решения { $count } предложений.
       *[other] Похоже, ждут решения { $count } предложения.
    } Что и от кого, покажет новая программа.
newer-fields = Поля, для которых нужна новая программа; они остаются как есть
newer-places = заполнено: { $count ->
        [one] { $count } раз
        [few] { $count } раза
        [many] { $count } раз
       *[other] { $count } раза
    }
doc-value-empty = —
doc-edit-opening = Открываю редактор: { $editor }. Сохраните текст и закройте его, чтобы продолжить.
doc-edit-kept = Редактор закрылся с ошибкой, ничего не изменено. Ваш текст лежит в файле { $file }.
doc-edit-invalid = Строка { $line } не читается: { $problem }. Ничего не изменено; ваш текст лежит в файле { $file }. Исправьте его и выполните: entente doc edit { $document } --from { $file }
doc-edit-moved = Пока вы правили, документ «{ $title }» изменился. Ваши правки объединены с остальными.
doc-editor-missing = Редактор не задан. Укажите его, например: export EDITOR=nano
doc-log-entry = { $seq }  { $when }  { $person }  { $what }
doc-log-empty = Записей пока нет.
doc-log-admitted = правка: { $place }
doc-log-held = предложение: { $place }
doc-log-endorsed = согласовано: { $id }
doc-log-overrode = выход за пределы под свою ответственность: { $id }. Причина: { $reason }
doc-log-endorsed-locally = согласовано на месте: { $id }
doc-log-ratified = подтверждено согласование на месте: { $id }
doc-log-objected = возражение против согласования на месте: { $id }, { $reason }
doc-log-declined = не принято: { $id }. Причина: { $reason }
doc-log-declined-silently = не принято: { $id }
doc-log-withdrew = отозвано: { $id }
doc-log-signed = подпись: { $place }
doc-log-asked = запрос согласования: { $place }
doc-log-created = документ создан
doc-log-founded = партнёрство основано
doc-log-invited = приглашение: { $person }
doc-log-enrolled = вход с нового устройства
doc-log-revoked = доступ закрыт: { $person }
doc-diff-none = Между { $from } и { $to } различий нет.
doc-diff-title = { $title }: изменения между { $from } и { $to }
doc-diff-point = № { $seq } ({ $when })
doc-diff-added = добавлено
doc-diff-removed = удалено
doc-diff-changed = изменено
doc-export-done = Записан файл { $file }.
doc-export-exists = Файл { $file } уже есть. Выберите другое имя или добавьте --force, чтобы заменить его.
doc-export-partial =
    Без { $count ->
        [one] { $count } раздела
        [few] { $count } разделов
        [many] { $count } разделов
       *[other] { $count } раздела
    }: вашей роли не показывается.

## Что делают обе команды и чего пока не делает никто

overlap-title = Делают обе команды
overlap-none = Совпадений нет: у всего, что делают обе команды, есть согласованное разделение.
overlap-line = { $function } ({ $parties })
overlap-agreed = { $function }, согласованное разделение: { $split }
gap-title = Пока никто
gap-none = Пробелов нет: каждую функцию кто-то ведёт.
gap-line = { $function }
gap-take = Взять на себя: entente doc set { $document } { $place } own
gap-take-by = взять на себя: { $command }
gap-role = Эту роль пока никто не исполняет: { $role } ({ $party }). Пригласить: entente invite … --role { $role }
gap-role-nobody = Эту роль пока никто не исполняет: { $name } ({ $party }). Пригласить: entente invite … --role { $role }
gap-single = Это может только один человек: { $person } ({ $right }). Пусть сможет и второй.
gap-deciders-short = По некоторым темам решает не один. Подробнее: entente roles
gap-several-approve = { $places }: кто согласует, говорят несколько правил ({ $rules }). Действует только «{ $first }»; оставьте одно из них.
gap-several-sign = { $places }: кто подписывает, говорят несколько правил ({ $rules }). Действует только «{ $first }»; оставьте одно из них.
gap-final-say = { $places }: последнее слово за несколькими командами (правило «{ $rule }»: { $people }). Назовите одну.
gap-roles-short = Эти роли пока никто не исполняет: { $roles }. Подробнее: entente roles
gap-single-short = Кое-что может только один человек: { $people }. Подробнее: entente roles
gap-hours = В правилах партнёрства нет рабочих часов на это время ({ $party }), поэтому правило пока не действует: { $rule }. Обновить часы может руководитель этой команды.
calendar-until = известно до { $when }
gap-calendar = Календарь команды ({ $party }) заканчивается { $when }. Продлить: entente people calendar { $party }
settle-before-signing =
    До подписания решить: { $count ->
        [one] { $count } вопрос
        [few] { $count } вопроса
        [many] { $count } вопросов
       *[other] { $count } вопроса
    }

## Два значения

conflict-title = Два значения
conflict-none = Полей с двумя значениями нет.
conflict-field = Два значения: { $place }
conflict-value = { $key }  { $value }   { $person }, { $when }
conflict-text = { $place }: правили обе стороны, не видя правок друг друга:
conflict-text-stands = Сейчас там стоит:
conflict-keep = Оставить одно: entente doc conflicts { $document } --keep { $key }
conflict-settled = { $place }: теперь «{ $value }». Второе значение остаётся в истории.
conflict-key-unknown = Значения { $key } здесь нет. Выберите одно из: { $keys }.

## Состояние и синхронизация

status-title = { $title } · { $person }, { $role } ({ $party })
status-alone = Пока здесь только вы. Пригласить: entente invite
status-up-to-date = Сверено с сервером, { $time }.
status-never-synced = Синхронизации ещё не было. Выполните: entente sync
status-last-synced = Последняя синхронизация: { $when }.
status-nothing-waits = Вашего решения ничего не ждёт.
status-waiting-you = Ждёт вас
status-to-ratify = Ждёт подтверждения
status-waiting-others = Ждёт других
status-waiting-others-line =
    { $count ->
        [one] { $count } предложение
        [few] { $count } предложения
        [many] { $count } предложений
       *[other] { $count } предложения
    }: { $person } ({ $presence })
status-overlap = Делают обе команды
status-gap = Пока никто
status-conflict = Два значения
status-not-sent = Ещё не на сервере
status-kept-back = Только у вас
status-choices = варианты: { $command }
status-choose = выбрать: { $command }
status-look = посмотреть: { $command }
status-waiting-nobody =
    { $count ->
        [one] { $count } предложение
        [few] { $count } предложения
        [many] { $count } предложений
       *[other] { $count } предложения
    }: решить пока некому
status-watching = В фоне идёт синхронизация.
status-recovering = Сервер восстанавливается: читать можно, отправка подождёт.
sync-sent = Отправлено: { $sent }.
sync-sent-received = Отправлено: { $sent }, получено: { $received }.
sync-received = Получено: { $received }.
sync-nothing-new = Нового нет.
sync-watching = На связи с { $relay }. Остановить: Ctrl-C.
sync-watching-already = Синхронизация уже идёт и возьмёт это с собой.
sync-reconnecting = Нет связи. Следующая попытка через { $duration }; всё сохранено на устройстве.
sync-refused =
    { $count ->
        [one] { $count } изменение осталось
        [few] { $count } изменения остались
        [many] { $count } изменений осталось
       *[other] { $count } изменения осталось
    } у вас, ничего не потеряно. Почему: entente why { $id }
sync-now-waits = Ждёт решения: ваша правка «{ $place }». Решает: { $deciders }. Ничего не потеряно. Почему: entente why { $id }
sync-still-here =
    { $count ->
        [one] { $count } правка пока только здесь.
        [few] { $count } правки пока только здесь.
        [many] { $count } правок пока только здесь.
       *[other] { $count } правки пока только здесь.
    } { $problem }
sync-already-there = Часть написанного уже есть в документе «{ $document }»: запись { $entries }.
sync-behind = Устройство отстало и уже догнало остальных; ваши изменения сейчас уходят ещё раз.

## Сохранено

saved-here = Сохранено на этом устройстве.
saved-and-sent = Сохранено и передано на сервер.
pending = Ещё не на сервере: { $what }.
suggestion-saved-column =
    Сохранено как предложение: колонку { GENITIVE($party) } заполняет сама команда. После вашей следующей синхронизации { $agree ->
        [singular] решает
       *[plural] решают
    }: { $deciders }.
suggestion-saved-section =
    Сохранено как предложение: раздел «{ $section }» ведёт { $party }. После вашей следующей синхронизации { $agree ->
        [singular] решает
       *[plural] решают
    }: { $deciders }.
suggestion-saved-for = Сохранено как предложение. Решает: { $deciders }.
suggestion-sent-for = Предложение отправлено. Решает: { $deciders }.
suggestion-signed = Сохранено как правка к подписанному. Решают подписавшие: { $deciders }.
suggestion-too-many =
    У вас { $count ->
        [one] { $count } открытое предложение
        [few] { $count } открытых предложения
        [many] { $count } открытых предложений
       *[other] { $count } открытого предложения
    }, больше не помещается. Это останется здесь и уйдёт, когда по одному из них будет решение. Можно отозвать: entente held withdraw
suggestion-rebased = Ваше предложение { $id } опиралось на то, которое не принято. Предложить остальное заново: entente held show { $id }

## Ждёт решения

held-none = Вашего решения ничего не ждёт.
held-none-others = Ваших предложений, которые ждут решения, нет.
held-line = { $id }  { $place }   { $from } → { $to }     { $person }, { $when }
held-for = ждёт решения: { $deciders }
held-for-nobody = решить пока некому: роль «{ $role }» никто не исполняет. Дать роль может: { $lead }
held-show-title = { $id }: предложение «{ $place }». Автор: { $person }
held-show-message = «{ $message }»
held-show-now = сейчас: { $value }
held-show-then = станет: { $value }
held-show-loses = Более поздняя правка перекроет это значение. Чтобы записать его снова, согласуйте с --restate.
held-show-needs = нужно: { $needs }
held-show-presence = { $person }: { $presence }
held-show-missing = кроме вас решает: { $deciders }
held-show-decide = Согласовать: entente held endorse { $id } · Не принять: entente held decline { $id } --reason "…"
held-show-override = Или выйти за пределы под свою ответственность: entente held endorse { $id } --override --message "почему"
held-approved = Согласовано. { $place }: теперь «{ $value }».
held-approved-several =
    Согласовано: { $count ->
        [one] вступило в силу { $count } изменение
        [few] вступили в силу { $count } изменения
        [many] вступило в силу { $count } изменений
       *[other] вступило в силу { $count } изменения
    }.
held-approved-more = С вашей стороны согласовано. Ещё нужно решение: { $deciders }.
held-declined = Не принято. Предложение и ваша причина остаются в истории. Автор: { $person }.
held-returned = Возвращено с вашими замечаниями. Автор: { $person }.
held-sent-back = Вернулось к вам
held-orphaned-note = Оно опиралось на предложение, которое не приняли.
held-revise-hint = Предложить это к нынешнему тексту: entente held revise { $id }
held-revise-nothing = Всё, что предлагалось, уже есть в тексте.
held-revise-not-yours = { $id } к вам не возвращалось. Что вернулось: entente held list
held-revised = Предложено заново: { $id }. Ждёт решения: { $deciders }.
held-revised-saved = Сохранено: согласие больше ни от кого не требуется.
held-withdrawn = Отозвано. В истории остаётся как ваше.
held-reason-missing = Укажите причину, чтобы автор мог ответить ({ $person }): --reason "…"
    .app = Укажите причину, чтобы автор мог ответить: { $person }.
held-closed = По { $id } уже есть решение: { $outcome }, { $person }, { $when }.
held-outcome-approved = согласовано
held-outcome-waiting = ждёт решения
held-outcome-declined = не принято
held-outcome-objected = есть возражение
held-to-ratify = Согласовано на месте, ждёт подтверждения
held-ratify-hint = Подтвердить: entente held endorse { $id } --ratify · Возразить: entente held decline { $id } --object --reason "…"
held-approved-locally = Согласовано на месте: { $place }, { $state }.
held-ratified = Подтверждено, согласование остаётся: { $place }.
held-objected = Возражение принято, согласования больше нет: { $place }. Решение на месте ({ $person }) и ваша причина остаются в истории.
held-no-version = { $id }: это не версия, отправленная на согласование. Что открыто: entente held list
held-nothing-to-ratify = { $id }: на месте не согласовано или ответ уже есть. Подробнее: entente why { $id }
local-offer-after = Срок { $due }, а команда откроется { $opens }: { $party }. Вы можете согласовать на месте:
local-offer-before = До { $opens } нерабочее время: { $party }. Срок { $due }. Вы можете согласовать на месте:
local-offer-ratify = подтверждение до { $when }: { $people }.
local-offer-ratify-some-time = подтверждение потом: { $people }.
local-offer-how = Согласовать на месте: entente held endorse { $id } --local
local-to-ratify = согласовано на месте { $when }: { $person }, вместо команды: { $party }; подтверждение до { $until }: { $people }
local-escalated = согласовано на месте { $when }: { $person }, вместо команды: { $party }; вовремя не подтверждено, ответить могут: { $people }
local-ratified = согласовано на месте { $when }: { $person }, вместо команды: { $party }; подтверждение: { $by }
local-objected = согласовано на месте: { $person }, вместо команды: { $party }; больше не согласовано, возражение { $when }: { $by }
local-bar-clocks = Часы этого устройства и сервера расходятся на { $duration }, а согласование на месте идёт по обоим. Поставьте часы, подключитесь и попробуйте ещё раз.
local-bar-open = Рабочее время до { $when }: { $party }.
local-bar-calendar = В правилах партнёрства нет рабочих часов на это время ({ $party }), поэтому согласовать на месте пока нельзя.
local-bar-no-due = У этой версии нет срока. Если отправить её со сроком (entente doc ask … --by 22:00), её можно будет согласовать на месте.
local-bar-not-due = Срок ещё не близко: на месте можно согласовать с { $when }.
local-bar-overdue = Срок прошёл { $when }; на месте согласуют только то, что ещё не просрочено.
local-bar-not-known = Срок известен { $known } рабочего времени, а нужно { $needed }: { $party }.
local-bar-used-up =
    { $count ->
        [one] На месте за семь дней согласовано { $count } раз, больше правила не дают.
        [few] На месте за семь дней согласовано { $count } раза, больше правила не дают.
        [many] На месте за семь дней согласовано { $count } раз, больше правила не дают.
       *[other] На месте за семь дней согласовано { $count } раза, больше правила не дают.
    } Снова можно { $when }.
local-instead = Решить может: { $people }.
refused-not-local = Согласовать на месте сейчас нельзя.
held-outcome-returned = возвращено с замечаниями
held-outcome-withdrawn = отозвано
held-outcome-orphaned = осталось без основы
held-unknown = Предложения { $id } нет. Открытые предложения: entente held list
held-not-yours = { $id } ждёт решения: { $deciders }. Вы можете оставить комментарий или спросить их.
held-own = { $id } предложили вы, поэтому решает другой человек: { $deciders }.
held-override-not-yours = { $id }: здесь нет пределов, за которые вы можете выйти под свою ответственность. Могут: { $who }.
held-override-why = Напишите, почему { $id } выходит за пределы; причина останется в истории: --override --message "…"
held-withdraw-not-yours = Автор { $id }: { $person }. Отозвать может только автор; вы можете не принять предложение или оставить его без решения.
held-moved = Пока вы смотрели, текст изменился. Посмотрите ещё раз (entente held show { $id }) и решите.
notice-declined = Ваше предложение «{ $place }» не принято: «{ $reason }». Решение: { $person }
notice-returned = Ваше предложение «{ $place }» возвращено с замечаниями: «{ $reason }». Решение: { $person }
notice-approved = Ваше предложение «{ $place }» согласовано. Решение: { $person }

## Почему

why-waits-you = Ждёт вашего решения: правка «{ $place }». Автор: { $person }
why-waits = Ждёт решения: правка «{ $place }». Автор: { $person }. Решает: { $deciders }
why-note-waits-you = Ждёт вашего решения: примечание «{ $place }». Автор: { $person }
why-note-waits = Ждёт решения: примечание «{ $place }». Автор: { $person }. Решает: { $deciders }
why-admitted = Действует с { $when }: правка «{ $place }». Автор: { $person }
why-kept = Ваша правка «{ $place }» есть только на этом устройстве: { $reason }
why-kept-approval = Ваше согласование «{ $place }» не прошло: { $reason }
why-kept-no = Ваш ответ на предложение «{ $place }» не прошёл: { $reason }
why-kept-withdrawal = Отозвать ваше предложение «{ $place }» не получилось: { $reason }
why-kept-signature = Ваша подпись «{ $place }» не прошла: { $reason }
why-kept-document = Ваш новый документ есть только на этом устройстве: { $reason }
why-kept-invitation = Ваше приглашение не прошло: { $reason }
why-written = написано { $written } · получено { $arrived }
why-written-only = написано { $written }
why-written-offline = написано без связи { $written } · получено { $arrived }
why-written-here = написано { $written } · ещё не на сервере
why-role-since = роль автора с { $when }: { $role } ({ $person }; изменение: { $by })
why-person-left = автор больше не в партнёрстве с { $when }: { $person } (изменение: { $by })
why-rule = правило «{ $rule }»: { $sentence }
why-no-rule = правила партнёрства об этом не говорят; изменить их могут: { $who }
why-rule-itself = так устроены сами правила партнёрства
why-itself-founding = партнёрство создаёт основатель
why-itself-invitation = приглашение впускает одного человека
why-itself-recovery = ключ восстановления возвращает команде доступ
why-itself-own-device = своими устройствами каждый управляет сам
why-itself-first-lead = первого руководителя команды приглашает руководитель, который уже здесь
why-itself-continuity = в каждой команде остаётся тот, кто может менять правила партнёрства
why-itself-collision = это место тем временем изменили, а двух значений в правилах не бывает
why-itself-own-suggestion = своё предложение каждый может отозвать
why-itself-create = документ создаёт тот, кто может писать его разделы
why-can-decide = кто решает: { $people }
why-endorsed = согласовано { $when }: { $person }
why-overridden = за пределами под свою ответственность { $when }: { $person }. Причина: { $reason }
why-unsent = Ваша правка «{ $place }» сохранена на этом устройстве и уйдёт при следующей синхронизации.
why-settled = Решение есть ({ $outcome }): правка «{ $place }». Автор: { $person }. Решение: { $by }, { $when }
why-settled-alone = Решение есть ({ $outcome }): правка «{ $place }». Автор: { $person }
why-text-kept = Текст сохранён полностью.
why-unknown = Такого здесь нет: { $id }. Имена выглядят так: h-7c1; смотрите: entente held list

## Решает другой: ничего не потеряно

refused-who-can = Здесь решают другие: { $place }. Могут изменить: { $people }. Ваш текст сохранён на этом устройстве.
refused-nobody-can = Изменить это пока некому: { $place }. Нужную роль никто не исполняет. Дать её может: { $lead }. Ваш текст сохранён на этом устройстве.
refused-read = Вашей роли не показывается: { $place }. Читают: { $people }.
refused-role-change = Состав команды ({ $party }) меняют: { $people }.
refused-own-role = Свою роль никто не меняет сам. Спросите: { $people }.
refused-proposed-only = Правила партнёрства ещё не действуют, поэтому правка ждёт. Осталось подписать: { $signers }.
refused-unexpected = Сервер не взял эту правку, хотя правила её допускают. Она сохранена здесь. Сообщите тому, кто ведёт сервер, и назовите { $id }.
refused-too-big = Правка больше { $limit } КБ. Разделите её на части.
refused-too-fast = Слишком много правок за минуту. Остальное уйдёт само через { $duration }.
refused-quota = Партнёрство заняло всё своё место на сервере ({ $limit } МБ). Попросите ещё у того, кто ведёт сервер; ваша работа сохранена здесь.
refused-device-ended = Доступ этого устройства закрыт. Написанное здесь можно передать как предложения: entente sync
refused-device-lost = Это устройство отмечено как потерянное, поэтому с него ничего не принимается. Если оно у вас, попросите новое приглашение: { $ask }.
refused-malformed = Сервер не смог прочитать эту правку ({ $problem }). Она сохранена здесь. Обновите программу; если она последней версии, сообщите тому, кто ведёт сервер.
refused-unknown-device = Партнёрство не знает этого устройства. Попросите приглашение: { $ask }.
refused-relay-behind = На сервере ещё нет всего, что видело это устройство. Недостающее возвращается; ваша правка уйдёт ещё раз сама.
refused-forked = История на сервере не та, которую знает это устройство, начиная с записи { $seq }. Ничего не отправлено. Выполните entente verify и сообщите руководителям всех команд.
    .app = История на сервере не та, которую знает это устройство, начиная с записи { $seq }. Ничего не отправлено. Проверьте историю на странице «Это устройство» и сообщите руководителям всех команд.
refused-again-later = Через минуту уйдёт ещё раз само.
refused-orphaned = Ваша правка ({ $place }) опиралась на предложение, которое не принято. Она сохранена здесь; предложите её заново.
refused-gate = Ваша правка ({ $place }) повреждена и не взята. Она сохранена здесь; напишите её, пожалуйста, ещё раз и сообщите тому, кто дал вам Entente.
refused-already-stands = Здесь уже так и записано: { $place }.
refused-not-open = По этому предложению уже есть решение. Открытые предложения: entente held list
refused-own-suggestion = Это ваше предложение ({ $place }), поэтому решает другой человек.
ask-sent = Отправлено на согласование: { $place }, { $state }.
ask-by-unclear = «{ $text }» — непонятное время. Пишите 22:00 или 2026-11-25 06:00 по часам своей команды.
sign-done = Вы подписали: { $place }, { $state }.
sign-not-ready = Пока нельзя подписать: { $place }. Сначала:
agree-old-rules = Партнёрство работает по версии правил 1: в ней подписывают только сами правила. Поднять её может руководитель с согласия руководителя каждой команды: entente rules edit, judge_version = 2.
agree-no-rule = Ни одно правило не говорит, кто согласует или подписывает: { $place }. Руководители могут его добавить: entente rules edit
held-version = версия ({ $place }), { $round }
held-approved-version = Согласовано: { $place }.
standing-title = На какой стадии
bands-title = Без согласования
band-within = { $place }: в пределах ±{ $percent } % от { $base } (от { $low } до { $high }), согласовано { $when }
band-beyond = { $place }: { $now }, это за пределами ±{ $percent } % от { $base }, согласовано { $when }
band-nothing-agreed = { $place }: пока ничего не согласовано; первое значение ждёт решения: { $deciders }
band-waiting = { $id } · { $value }: за пределами, ждёт решения: { $deciders }
standing-draft = черновик
standing-review = на согласовании, { $round }, решает: { $people }
standing-stage = этап { $stage } из { $stages }
standing-round = круг { $round }
standing-round-of = круг { $round } из { $rounds }
standing-round-over = круг { $round }, планировали { $rounds }
standing-due = срок { $when }
standing-overdue = срок прошёл { $when }
standing-moved = с тех пор текст изменился
standing-approved = согласовано { $when }
standing-changed = изменилось после согласования { $when }
standing-signed = подписано { $done } из { $needed }: { $people }
standing-signed-until = подписано { $done } из { $needed }: { $people }, до { $when }
standing-lapsed = подписи истекли { $when }; подпишите снова
refused-not-ready = Пока нельзя подписать: { $place }. Сначала: { $reasons }.
refused-already-asked = Версия уже ждёт согласования: { $place }. Отзовите её или дождитесь ответа.
unready-one-sided = команда { $name } здесь ещё ничего не написала
unready-two-values = два значения: { $name }
unready-untranslated = только на одном языке: { $name }
unready-old-translation = перевод старше оригинала: { $name }
unready-empty = ещё ничего не сказано: { $name }
unready-overlap = обе команды делают одно и то же, и об этом не договорились: { $name }
unready-gap = никто не делает: { $name }
unready-waiting = здесь ещё ждёт решения предложение
refused-stale = Пока вы смотрели, текст изменился: { $place }. Посмотрите ещё раз и решите.
refused-stopped = Сервер показал другое, чем следует из правил ({ $problem }), поэтому этот документ остановлен и не правится. Ничего не изменилось. Сообщите руководителю команды.
refused-being-checked = Этот документ показан со слов сервера и ещё проверяется. Ничего не изменилось; попробуйте через минуту.
refused-newer = Этот документ создан более новой версией Entente. Его можно читать; чтобы править, обновите программу. Ничего не изменилось.
refused-unknown = Здесь это проверить нельзя ({ $problem }). Выполните entente sync, а если не поможет, обновите программу.
refused-invitation = Это приглашение не действует ({ $problem }). Попросите новое: { $ask }.
refused-charter = С этой правкой правила партнёрства не сойдутся: { $problem }. Она сохранена здесь; исправьте её.
refused-relay-reads-only = Сервер пока ничего не принимает ({ $problem }). Ваша работа сохранена здесь и уйдёт сама.

## Участники, роли, устройства

people-title = Участники
people-line = { $person }   { $roles }   { $devices }
people-left = не участвует с { $when }
people-invited = приглашение ждёт ответа
people-role-given = Новая роль: { $person }, { $role } ({ $party }).
people-role-ended = Роль снята: { $person }, { $role } ({ $party }).
people-removed = Доступ закроется после вашей следующей синхронизации: { $person }. Всё написанное остаётся.
people-removed-last = Последний руководитель команды ({ $party }): { $person }. Сначала дайте эту роль кому-нибудь ещё.
roles-line = { $role }: { $people }
roles-empty = { $role }: никто
devices-title = Ваши устройства
devices-line = { $device }   с { $when }
devices-this = это устройство
devices-closed = доступ закрыт { $when }
devices-lost = отмечено как потерянное { $when }
devices-ended = Доступ закроется после вашей следующей синхронизации: { $device }.
devices-ended-lost = Отмечено как потерянное: { $device }. С него больше ничего не принимается.
devices-only = Это ваше единственное устройство. Сначала добавьте другое: entente invite --device
calendar-line = { $party }: { $work }, { $zone }
calendar-renewed = Календарь команды ({ $party }) продлён до { $when }.
calendar-invalid = Календарь не сохранён: { $problem }.

## Проверка

verify-good = в порядке
verify-bad = НЕ в порядке
verify-head = вершина { $head }
verify-all-good = Все подписи верны, все решения соответствуют действовавшим тогда правилам, на сервере те же вершины.
verify-all-good-offline = Все подписи верны, все решения соответствуют действовавшим тогда правилам. Сервер не опрошен: нет связи.
verify-relay-ahead =
    На сервере { $count ->
        [one] есть ещё { $count } новая запись
        [few] есть ещё { $count } новые записи
        [many] есть ещё { $count } новых записей
       *[other] есть ещё { $count } новой записи
    }. Выполните: entente sync
verify-counts = проверено полностью: { $verified }, только по подписи: { $attested }, нет на месте: { $missing }
verify-newer-note = Только по подписи, порядку и времени проверены документы, для которых нужна новая версия программы. Обновите её и выполните: entente verify
verify-attested-note = Только по подписи: содержание, которое вашей роли не показывается.
verify-failed = Документ «{ $document }» не сходится начиная с записи { $seq }: { $problem }. Записи до неё в порядке. Сохраните эту папку и сообщите руководителям всех команд.
verify-problem-signature = подпись неверна
verify-problem-chain = запись не продолжает предыдущую
verify-problem-verdict = решение не соответствует действовавшим тогда правилам
verify-problem-statement = запись относится к другому изменению
verify-problem-time = время или правила, на которые она ссылается, не те
verify-problem-entry = по правилам должна быть другая запись ({ $field })
verify-problem-newer = нужна более новая программа ({ $problem })
verify-problem-poison = на этом документе программа дважды остановилась
verify-problem-heads = сервер показывает другую вершину

## Файлы для партнёра

bundle-created =
    Записан файл { $file }: { $count ->
        [one] { $count } изменение
        [few] { $count } изменения
        [many] { $count } изменений
       *[other] { $count } изменения
    }. Для кого: { $party }.
bundle-created-note = Тот, кто получит файл, сможет прочитать его содержание.
bundle-empty = Записывать в файл нечего, у партнёра уже есть всё: { $party }.
bundle-inspect-title = { $file }: «{ $title }», автор: { $person }, { $when }
bundle-inspect-line = { $document }: { $entries }, { $changes }
bundle-imported =
    { $count ->
        [one] Принято { $count } изменение
        [few] Приняты { $count } изменения
        [many] Принято { $count } изменений
       *[other] Принято { $count } изменения
    }; { $known ->
        [one] { $known } уже было
        [few] { $known } уже были
        [many] { $known } уже было
       *[other] { $known } уже было
    } здесь.
bundle-import-pending = На сервер они уйдут с вашей следующей синхронизацией.
bundle-other-partnership = Этот файл из другого партнёрства: «{ $title }». Из него ничего не взято.
bundle-damaged = Файл { $file } взять нельзя: { $problem }. Из него ничего не взято; попросите прислать его ещё раз: { $person }.
bundle-problem-newer = его создала более новая программа
bundle-problem-unsigned = подпись сервера охватывает не всё
bundle-problem-branch = в нём другая история, чем на этом устройстве
bundle-problem-checksum = не сходится контрольная сумма
bundle-unreadable = { $file } — не файл для партнёра. Из него ничего не взято.

## Запись о подписанном: страница для чтения и файл рядом, который её подтверждает

record-written = Записано: { $page } и { $markdown } (читать и отправлять) и { $file } (подтверждает их).
record-counts =
    { $signed ->
        [0] Пока ничего не подписано
        [one] Подписан { $signed } раздел
        [few] Подписано { $signed } раздела
        [many] Подписано { $signed } разделов
       *[other] Подписано { $signed } раздела
    }; не подписано: { $unsigned }.
record-check-with = Получатель проверит их без сервера: entente verify { $file }
record-not-vouched = Сервер ещё не подтвердил этому устройству последние записи: { $title }. Выполните: entente sync
record-under = { $kind } · { $title } · { $teams }
record-nature = Это запись о том, о чём договорились обе команды, а не квалифицированная электронная подпись.
record-overview = Сначала вся матрица кратко, как она записана сейчас. Затем — подписанное, по разделам, с подписями.
record-owned = Кто за что отвечает
record-shared = Что общее
record-gaps = Что пока никто не делает
record-escalates = Что передаётся руководству
record-nobody = пока никто
record-support = помогает: { $teams }
record-unsettled = { $teams }: пока не согласовано
record-yes = да
record-no = нет
record-nothing-signed = В этом документе пока ничего не подписано.
record-missing = пока не подписано
record-lapsed = Эти подписи истекли.
record-digest = Контрольная сумма раздела на обоих языках, под которой стоят подписи (SHA-256)
record-signed = подписано { $when }
record-signed-until = подписано { $when }, действует до { $until }
record-unsigned = Что не подписано
record-state-hidden = недоступно тому, кто составил эту страницу
record-state-none = заполняет команда; подписи не требуется
record-state-draft = черновик
record-state-review = на согласовании
record-state-approved = согласовано, не подписано
record-state-changed = изменилось после согласования
record-check = Как это проверить
record-check-how = Рядом с этой страницей есть файл, имя которого кончается на «entente». На любом компьютере с Entente, без сервера и без учётной записи, выполните «entente verify» с этим файлом. Программа заново проверит каждую запись и каждую подпись и покажет партнёрство, контрольные суммы и записи; они должны совпасть с указанными здесь.
record-partnership = Партнёрство (контрольная сумма его основания)
record-head = Последняя запись: номер { $seq }, получена { $when }
record-made = Страница составлена { $when }.
record-file-signed = Подписано: { $title }
record-file-nothing = Ничего не подписано: { $title }.
record-file-digest = контрольная сумма { $digest }
record-file-entry = запись { $seq } · { $hash }
record-file-missing = пока не подписано: { $people }
record-file-partnership = Партнёрство { $id }. Сверьте его, контрольные суммы и записи со страницей, которую вам дали.
verify-unvouched = { $document }: подпись сервера в этом файле на него не распространяется.

## Отчёт о совместной работе. Заголовки таблиц короткие; рядом стоят предложения.

report-title = Отчёт о совместной работе: { $title }
report-made = По состоянию на { $when }. Время, если не сказано иначе, — когда запись получил сервер.
report-nothing = Пока ничего такого нет.
report-date-wrong = { $date } — не дата. Пишите так: 2026-11-20
report-unread-checking = Не учтено: { $title } ещё проверяется на этом устройстве.
report-unread-newer = Не учтено: { $title } — документ более новой версии Entente.
report-unread-stopped = Учтено частично: { $title } на этом устройстве остановлен.
report-unread-hidden = Не учтено, так как у вас нет доступа: { $places }.
report-turnaround = Сколько времени занимают решения
report-clock-relay = По часам сервера: с момента, когда подошла очередь, до получения ответа.
report-clock-authors = По часам устройств авторов, как они их указали: с момента, когда подошла очередь, до ответа.
report-no-answers = За это время решений не было.
report-answers =
    { $count ->
        [one] { $count } ответ: половина — за { $half }, девять из десяти — за { $most }.
        [few] { $count } ответа: половина — за { $half }, девять из десяти — за { $most }.
        [many] { $count } ответов: половина — за { $half }, девять из десяти — за { $most }.
       *[other] { $count } ответа: половина — за { $half }, девять из десяти — за { $most }.
    }
report-head-answers = Ответы
report-head-half = Половина за
report-head-most = 9 из 10 за
report-head-working = В рабочие часы
report-head-late = С опозданием
report-head-changed = Что-то изменили
report-part-of = { $part } из { $whole }
report-stage = { $place }, этап { $stage } ({ $teams })
report-ritual =
    { $place }: { $count ->
        [one] { $count } ответ, и он ничего не изменил
        [few] { $count } ответа, и ни один ничего не изменил
        [many] { $count } ответов, и ни один ничего не изменил
       *[other] { $count } ответа, и ни один ничего не изменил
    }. Нужен ли этот шаг?
report-path-approved =
    { $place }: согласовано за { $duration }, { $count ->
        [one] { $count } версия
        [few] { $count } версии
        [many] { $count } версий
       *[other] { $count } версии
    }
report-path-open =
    { $place }: пока не согласовано, за { $duration } { $count ->
        [one] { $count } версия
        [few] { $count } версии
        [many] { $count } версий
       *[other] { $count } версии
    }
report-head-written = Внесено
report-head-waited = Ждало
report-head-sent-back = С замечаниями
report-head-not-taken = Не принято
report-head-taken-back = Отозвано
report-head-open = Ещё ждёт
report-head-messages = Сообщения
report-compared = До и после: { $when }
report-before = До
report-after = После
report-faster = Половина ответов приходит теперь на { $percent } % быстрее.
report-slower = Половина ответов приходит теперь на { $percent } % позже.
report-as-fast = Ответы приходят так же быстро, как раньше.
report-no-comparison = Для сравнения не хватает ответов до или после этого дня.
report-waiting = Чьего решения ждут
report-waiting-none = Ничего не ждёт.
report-waits-version = Версия: { $place }. Автор: { $person }
report-waits-suggestion = Предложение: { $place }. Автор: { $person }
report-waits-signature = Подписи: { $place }
report-waits-for = ждёт с { $since }: { $people }
report-until = до { $when }
report-hours = Общие рабочие часы на год вперёд
report-hours-pair = { $first } и { $second }
report-hours-apart = разница { $apart }
report-hours-span = с { $from } до { $until }
report-hours-usual = обычно { $duration } в день
report-hours-total =
    { $total } за { $days ->
        [one] { $days } день
        [few] { $days } дня
        [many] { $days } дней
       *[other] { $days } дня
    }
report-hours-end = Календарь заканчивается { $when }; что дальше, неизвестно.
report-authors = Кто сколько написал
report-authors-note = Из того, что записано сейчас: знаки текстов, а где текстов нет — значения. Удалённое не считается ни за кем.
report-percent = { $percent } %
report-one-sided = пока только { $party }
report-freshness = Насколько свежи договорённости
report-signed = подписано { $age } назад
report-approved = согласовано { $age } назад
report-lapsed = подписано { $age } назад, подписи истекли
report-never = ещё не согласовано и не подписано
report-unchanged = с тех пор без изменений
report-untouched = правок ещё нет
report-changed-since =
    с тех пор { $count ->
        [one] { $count } правка
        [few] { $count } правки
        [many] { $count } правок
       *[other] { $count } правки
    }: { $people }
report-changed =
    пока { $count ->
        [one] { $count } правка
        [few] { $count } правки
        [many] { $count } правок
       *[other] { $count } правки
    }: { $people }
report-drifted = это уже не подписанный текст
report-review-due = пора посмотреть вместе ещё раз
report-lapses = подписи действуют до { $when }
report-deciders = Кто что решает, по правилам партнёрства
report-writes = пишут: { $people }
report-decides = предложения решают: { $people }
report-approves = версии согласуют: { $people }
report-signs = подписывают: { $people }
report-unheld = роль пока никто не исполняет: { $people }
report-rounds =
    { $count ->
        [one] { $count } круг
        [few] { $count } круга
        [many] { $count } кругов
       *[other] { $count } круга
    }
report-negotiations = Переговоры
report-days =
    { $count ->
        [one] { $count } день
        [few] { $count } дня
        [many] { $count } дней
       *[other] { $count } дня
    }
report-negotiated = договорились, срок: { $days }
report-negotiating = идут { $days }
report-negotiating-amber = идут { $days }: медленно, обычно хватает недели
report-negotiating-red = идут { $days }: вот-вот сорвутся
report-exchanges =
    { $count ->
        [one] { $count } обмен
        [few] { $count } обмена
        [many] { $count } обменов
       *[other] { $count } обмена
    }
report-exceptions = Исключения: решения вне шаблона или за команду, у которой нерабочее время
report-exceptions-none = За это время не было.
report-override = { $place }: решение вне шаблона, { $when }. Автор: { $person }
report-local = { $place }: решение за команду в её нерабочее время, { $when }. Автор: { $person }
report-ratified = подтверждено
report-objected = есть возражение
report-not-ratified = пока не подтверждено

## Нет связи, отставание, расхождение, откат

offline = Нет связи с сервером ({ $relay }). Ваша работа сохранена здесь; позже выполните entente sync.
offline-since = Нет связи с { $when }.
relay-unreachable = Сервер { $relay } не отвечает: { $problem }. Ваша работа сохранена здесь; попробуйте позже или спросите того, кто ведёт сервер.
relay-closed = Сервер { $relay } прервал соединение: { $problem }. Ваша работа сохранена здесь; попробуйте позже или спросите того, кто ведёт сервер.
relay-closed-partnership = на нём нет этого партнёрства
relay-closed-protocol = программы не поняли друг друга, обновите более старую
relay-closed-key = он не смог подтвердить, кто он
relay-closed-slow = устройство не успевало за ним
relay-closed-stopping = его останавливают
net-problem-address = это не адрес сервера
net-problem-silent = ответа нет слишком долго
net-problem-gone = соединение прервалось
net-problem-certificate = его сертификату нет доверия
net-problem-other-service = там отвечает не Entente
net-problem-nobody = там ничего не запущено
net-problem-network = из этой сети до него не добраться
net-problem-name = такого имени в сети нет
net-problem-other = сеть сообщает об ошибке { $code }
relay-key-differs = { $relay } показывает не тот ключ, который вам известен из приглашения, поэтому ничего не отправлено. Если сервер переехал, спросите: { $person }; иначе между вами может быть кто-то посторонний.
relay-version = Сервер говорит на другой версии ({ $version }). Обновите программу или спросите того, кто ведёт сервер.
relay-full = На сервере нет места, пока он только отдаёт. Ваша работа сохранена здесь; сообщите тому, кто ведёт сервер.
relay-clock = Часы этого устройства расходятся с сервером на { $duration }. Поставьте их верно; до тех пор время ваших правок показано неточно.
behind = Это устройство отстало, раньше вас это изменил другой участник: { $person }. Выполните: entente sync
forked = По документу «{ $document }» сервер показывает этому устройству другую историю, чем раньше, начиная с записи { $seq }. С него больше ничего не берётся. Сохраните эту папку и сообщите руководителям всех команд.
attested-unfit = Сервер показал документ, части которого не сходятся ({ $problem }). Он появится, когда будет проверен. Сообщите руководителям всех команд.
attested-contradicted = То, что сервер сначала показал в документе «{ $document }», не совпадает с историей. Верна история. Сообщите руководителям всех команд.
rewind-notice = Сервер вернулся к прежнему состоянию { $when }: документ «{ $document }», с записи { $from } к записи { $to }. Устройства сами вернут то, что у них есть; заново писать ничего не нужно.
rewind-refilled =
    С этого устройства на сервер { $count ->
        [one] возвращена { $count } запись
        [few] возвращены { $count } записи
        [many] возвращено { $count } записей
       *[other] возвращено { $count } записи
    }.
digest-differs = Состояние документа «{ $document }» на записи { $seq } здесь не такое, как на сервере. Устройство остаётся на предыдущей записи. Обновите программу на всех устройствах и выполните: entente verify
rules-version-unknown = Партнёрство живёт по версии правил { $version }, эта программа её не знает. Читать можно; чтобы писать, обновите программу.

## Это устройство

not-joined = В папке { $folder } ещё нет партнёрства. Войти: entente join 'ссылка' · Основать: entente found 'ссылка' "Название"
store-locked = С этой папкой сейчас работает другой процесс Entente. Повторите через минуту; если его нет, перезапустите устройство.
store-newer = Эту папку записала более новая версия Entente. Обновите программу; ничего не изменено.
store-damaged = Папка { $folder } повреждена ({ $problem }). Сохраните её копию и войдите заново с другой папкой: попросите приглашение у руководителя команды.
store-cloned = Эта папка скопирована с другого устройства. Двум устройствам нельзя жить с одним ключом: пригласите это отдельно, entente invite --device.
disk-full = На диске нет места, поэтому это не сохранено. Освободите место и выполните команду ещё раз; сохранённое раньше в безопасности.
file-unreadable = Файл { $file } не читается: { $problem }.
file-unwritable = Файл { $file } не записывается: { $problem }.
file-problem-missing = такого файла нет
file-problem-permission = у этой учётной записи нет к нему доступа
file-problem-folder = это папка
file-problem-text = содержимое не читается
file-problem-full = диск заполнен
file-problem-other = система сообщает об ошибке { $code }
internal = Произошло неожиданное: { $problem }. Сохранённое в безопасности. Сообщите, пожалуйста, тому, кто дал вам Entente.

## Не понято

usage = { $problem }. Смотрите: entente { $command } --help
did-you-mean = Возможно, вы имели в виду: { $candidates }?
unknown-document = Документа «{ $name }» нет.
unknown-field = В документе «{ $document }» нет поля «{ $name }».
unknown-section = В документе «{ $document }» нет раздела «{ $name }».
unknown-function = В документе «{ $document }» нет функции «{ $name }».
unknown-person = Участника «{ $name }» здесь нет.
unknown-party = Команды «{ $name }» нет.
unknown-role = Роли «{ $name }» нет.
unknown-kind = Вида документов «{ $name }» нет.
unknown-market = Ни одна команда не работает на рынке «{ $name }».
unknown-zone = Часового пояса «{ $name }» нет.
unknown-device = Устройства «{ $name }» у вас нет.
unknown-value = Значение «{ $value }» не подходит ({ $place }). Возможные: { $values }.
document-missing = Такого документа нет на этом устройстве, или его ещё нет на сервере. Выполните: entente sync
edit-problem-section = В документах этого вида нет раздела { $section }.
edit-problem-field = Поля { $path } здесь нет; есть поля: { $known }.
edit-problem-no-row = Строки { $row } нет; возможно, её удалили.
edit-problem-row-there = Строка { $row } уже есть.
edit-problem-type = В поле { $path } хранится значение другого рода.
edit-problem-choice = Для { $path } не подходит { $word }. Выберите: { $choices }.
edit-problem-long = Значение { $path } вышло бы длиннее { $limit } байт.
edit-problem-range = Длина { $path }: { $length }; такая позиция уже за концом.
edit-problem-key = { $key } не похоже на имя или место строки.
edit-problem-damaged = Документ устроен не так, как описывает его вид. Выполните: entente verify
diff-no-entry = Записи № { $seq } в истории нет. Какие есть: entente doc log
ambiguous-name = Имя «{ $name }» подходит нескольким: { $candidates }. Укажите полностью.
name-needed = Представьтесь: --me "Имя Фамилия"
    .app = Представьтесь.
team-needed = Укажите команду: --team moscow
    .app = Укажите команду.
zone-needed = Укажите часовой пояс команды: --zone Europe/Moscow
    .app = Укажите город или часовой пояс команды.
text-too-long = Текст длиннее { $limit } знаков. Сократите его, пожалуйста.

# Подробности, которые общая часть и сервер сообщают по-английски. См. client/src/words/details.rs.
detail-rule = правило `{ $a }`: { $rest }
detail-rules-text = правила не читаются: { $rest }
detail-rules-file = в файле есть `judge_version` (число) и таблицы `[[rule]]`, больше ничего
detail-rules-version = правила записаны для версии { $a }, а программа знает версию { $b }
detail-rules-same = два правила называются `{ $a }`
detail-rules-many = правил слишком много: самое большее { $a }
detail-rule-later = версия правил { $a } не знает `{ $b }`: это появится позже, пока уберите
detail-rule-key = в правиле не бывает `{ $a }`; бывает `id, { $b }`
detail-rule-unbound = указано `{ $a }`, но у раздела `{ $b }` нет `{ $c }`
detail-rule-twice = в списке `{ $a }` дважды стоит `{ $b }`
detail-rule-bytes = правило слишком длинное: самое большее { $a } байт
detail-rule-items = список в правиле слишком длинный: самое большее { $a }
detail-rule-form = правило записано не так, как его записывает программа
detail-rule-nowhere = в `on` не назван раздел
detail-rule-idle = правило никому ничего не разрешает: нужно `read`, `propose`, `edit` или `endorse`
detail-rule-hold-whom = к `hold` нужен `endorse`: кто решает
detail-rule-hold-whole = `hold` относится к разделу целиком: полей не называйте
detail-rule-read-whole = `read` относится к разделу целиком: уберите поле после решётки
detail-rule-fields-once = назовите поля либо в `fields`, либо после решётки
detail-rule-charter-only = `grants` и `not_self` бывают только у разделов `charter`
detail-rule-name = в `name` нужно по строке текста на `ru` и на `en`
detail-rule-grants = в `grants` роли стоят без команды
detail-rule-id = в `id` от 1 до 64 знаков: строчные латинские буквы, цифры и дефисы
detail-rule-no-id = нет `id`
detail-pattern = `{ $a }`: { $rest }
detail-pattern-target = нужны вид документа и раздел через двоеточие
detail-pattern-kind = вид до двоеточия пишется строчными латинскими буквами, цифрами и дефисами
detail-pattern-role = роль пишется строчными латинскими буквами, цифрами и дефисами
detail-pattern-team = перед косой чертой стоит команда, *, `{"{"}party{"}"}` или `{"{"}market{"}"}`
detail-pattern-fields = в `fields` стоят имена полей самого раздела
detail-toml = строка { $a }, место { $b }: текст не разобран
detail-in = { $word }: { $rest }
detail-two-values = два значения сразу: { $a }
detail-charter-section = такого раздела в правилах партнёрства нет
detail-charter-person = номер человека записан неверно
detail-charter-role = имя роли записано неверно
detail-charter-two-teams = один человек записан в две команды: { $a }
detail-charter-no-team = у календаря нет команды
detail-charter-many = слишком много команд или людей
detail-charter-people-of = люди записаны в команду, которой нет: { $a }
detail-charter-team-id = имя команды пишется строчными латинскими буквами, цифрами и дефисами
detail-charter-language = язык указывают как `ru` или `en`
detail-charter-market-id = имя рынка пишется строчными латинскими буквами, цифрами и дефисами
detail-charter-row = не строка таблицы: { $word }
detail-charter-map = содержимое записано неверно
detail-charter-key = лишнее поле: { $a }
detail-charter-map-of = содержимое записано неверно: { $word }
detail-charter-text = не простой текст: { $word }
detail-charter-missing = не хватает поля: { $word }
detail-charter-lead = в команде не осталось бы руководителя: { $word }
detail-charter-founder = основатель должен быть руководителем своей команды
detail-hours = рабочие часы: { $rest }; пишите, например, "Mon-Fri 10:00-19:00"
detail-offsets = смещения: { $rest }; пишите, например, "2026-11-01T00:00Z +03:00, until 2028-11-01T00:00Z"
detail-holidays = праздники: { $rest }; пишите, например, "2027-01-01..2027-01-08, 2027-02-23"
detail-hours-none = часы не указаны
detail-hours-twice = дважды указано { $a } { $b }
detail-hours-comma = перед "{ $a }" не хватает запятой
detail-hours-empty = между запятыми пусто
detail-hours-no-day = в "{ $a }" нет дня недели
detail-hours-no-span = в "{ $a }" нет часов
detail-hours-day = "{ $a }" не день недели; дни пишутся "Mon Tue Wed Thu Fri Sat Sun"
detail-hours-span = "{ $a }" не промежуток вида 10:00-19:00
detail-hours-order = "{ $a }" кончается раньше, чем начинается, или переходит через полночь (разделите на 24:00)
detail-offsets-none = в таблице нет строк
detail-offsets-many = в таблице больше 64 строк
detail-offsets-old = таблица начинается раньше 1970 года
detail-offsets-order = строки стоят не по времени
detail-offsets-end = таблица кончается раньше своей последней строки
detail-offsets-long = таблица охватывает больше десяти лет
detail-offsets-far = смещение больше 18 часов
detail-offsets-after = "{ $a }" стоит после конца таблицы
detail-offsets-until = не указан конец ("until …")
detail-offsets-row = "{ $a }" не момент и смещение
detail-offsets-instant = "{ $a }" не момент вида 2026-11-01T06:00Z
detail-offsets-offset = "{ $a }" не смещение вида +03:00
detail-text-long = текст слишком длинный
detail-holidays-date = "{ $a }" не дата вида 2027-01-31
detail-holidays-order = "{ $a }" кончается раньше, чем начинается
detail-holidays-many = дат больше чем { $a }
detail-invitation-unknown = такого приглашения нет
detail-invitation-used = им уже воспользовались
detail-invitation-back = его отозвали
detail-invitation-expired = его срок прошёл
detail-invitation-long = оно действовало бы дольше 72 часов
detail-invitation-team = оно для человека не из этой команды
detail-invitation-row = оно меняет не только запись приглашённого
detail-invitation-recovery = это ключ восстановления другой команды
detail-invitation-lead = другой руководитель вошёл раньше
detail-invitation-key = ключ восстановления бывает только у руководителя
detail-invitation-device = оно сделано для другого устройства
detail-no-device = такого устройства нет
detail-no-person = такого человека нет
detail-no-invitation = такого приглашения нет
detail-kind = вид документа { $a }, схема { $b }
detail-section = раздел { $a } документа вида { $b }
detail-not-signed = этот раздел не подписывают: { $word }
detail-subject = раздел называет команду или рынок, которых нет в правилах партнёрства: { $word }
detail-capacity = так решать можно будет с новой версией правил
detail-objecting = возражать можно будет с новой версией правил
detail-due-time = срок можно будет назвать с новой версией правил
detail-local-versions = на месте согласуют только версии
detail-objection-reason = возражение называет причину
detail-signing = пока подписывают только правила партнёрства
detail-relay-stops = он останавливается
detail-relay-partnership = он не может прочитать это партнёрство
detail-relay-restored = его восстановили из копии, и он собирает потерянное
detail-relay-asks = он собирает у устройств потерянные записи
detail-relay-disk = его диск почти полон
detail-relay-store = его хранилище не работает
detail-relay-copy = его копия этого документа повреждена
detail-relay-full = место для этого партнёрства кончилось: { $b }. Больше может дать тот, кто ведёт сервер: { $a }
detail-relay-full-unnamed = место для этого партнёрства кончилось: { $a }. Больше может дать тот, кто ведёт сервер
detail-malformed-signature = подпись неверна
detail-malformed-payload = не хватает части правки
detail-malformed-partnership = это другое партнёрство
detail-malformed-session = с этого устройства такое сейчас не принимают
detail-pattern-star = в разделе * бывает только в конце
detail-pattern-once = в разделе `{"{"}party{"}"}`, `{"{"}market{"}"}` и `{"{"}person{"}"}` бывают не больше одного раза
detail-pattern-section = раздел пишется строчными латинскими буквами, цифрами и дефисами, или `{"{"}party{"}"}`, `{"{"}market{"}"}`, `{"{"}person{"}"}`, *
detail-pattern-mark = у полей бывает одна пометка: `@translation`
detail-pattern-empty = в поле между косыми чертами не бывает пусто
detail-pattern-field = поле пишется ключами; * вместо одного ключа, ** только в конце
detail-relay-not-stored = он не смог это сохранить
detail-rule-sign = к `sign` нужно `all_of`: кто подписывает
detail-rule-sign-whole = `sign` и `chain` относятся к разделу целиком: полей не называйте
detail-rule-sign-charter = правила партнёрства подписывают руководители всех команд: уберите `sign` и `chain`
detail-rule-chain = в `chain` от 1 до 8 ступеней (`stages`)
detail-rule-local = `local` — для версий целых разделов и не для правил партнёрства
detail-rule-rounds = у ступени от 1 до 99 кругов (`rounds`)
detail-rule-band-field = `band` — для одного поля с деньгами: назовите его, например terms:offer/{"{"}market{"}"}#rate, без *
detail-rule-band-charter = в правилах партнёрства нет денег: уберите `band`
detail-rule-band-whom = для `band` нужны `edit` (кто меняет в пределах) и `endorse` (кто решает дальше)
detail-pattern-base = пределы считаются от "last signed or endorsed"
detail-pattern-percent = `percent` — это 15 или "7.5" в кавычках: больше 0 и не больше 100
detail-override-reason = чтобы выйти за пределы, нужна причина
detail-pattern-signature = назовите, чья подпись, например `moscow/lead`
detail-pattern-days = пишите, например, "90 days"
detail-pattern-chain = цепочка согласует "version"
detail-pattern-escalate = пишите, например, "tell both, then moscow/director"
detail-pattern-due = пишите, например, "2 working days", "4 working hours" или "12 hours"
detail-pattern-local-role = назовите роль одной команды, например moscow/lead: по её часам всё и считается
detail-pattern-local-when = пишите, например, "moscow closed", с той командой, что названа в `instead_of`
detail-pattern-local-due = пишите, например, "12 hours"
detail-pattern-local-known = пишите, например, "2 working hours of moscow", с той командой, что названа в `instead_of`
detail-pattern-local-uses = пишите, например, "3 a week"
detail-pattern-local-ratify = пишите, например, "1 working day"
detail-charter-version = версия правил растёт от { $a } и не возвращается назад
details-in-english = подробности по-английски: { $detail }
