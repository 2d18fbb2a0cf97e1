### Что говорит только веб по-русски, рядом с ru.ftl.

## The frame

web-language = Язык
web-close = Закрыть
web-continue = Дальше
web-copy = Скопировать
web-copied = Скопировано
web-share = Поделиться
web-print = На бумагу
web-download = Скачать
web-save = Сохранить
web-saved = Сохранено.
web-add = Добавить
web-remove = Убрать
web-remove-named = Убрать: { $name }
web-removed = убрать
web-done = Готово
web-open = Открыть
web-create = Создать
web-later = Позже
web-more = Ещё
web-moment = Минутку…
web-yes = да
web-no = нет
web-now = сейчас
web-all = Все
web-choose = Выберите…
web-reload = Загрузить заново
web-broken-title = То, что здесь хранится, не открывается
web-state = Состояние
web-skip = Перейти к содержанию
web-places = Разделы
web-documents = Документы
web-people = Люди
web-rules = Правила партнёрства
web-inbox = Входящие
web-device = Это устройство
web-undo = Отменить
web-redo = Вернуть
web-undo-done = Отменено.
web-redo-done = Возвращено.
web-undo-nothing = Здесь нет ваших правок, которые можно отменить.
web-redo-nothing = Возвращать нечего.
web-new-version = Готова новая версия Entente. Ничего из написанного не пропадёт.
web-new-version-go = Перейти на неё
web-put-away = Убрать это сообщение
web-ended = Доступ этого устройства завершён. Что здесь хранится, можно читать; что вы написали, ещё можно передать как предложения.
web-lost =
    Браузер потерял то, что здесь хранилось. Не успели отправиться: { $count ->
        [one] { $count } правка
        [few] { $count } правки
        [many] { $count } правок
       *[other] { $count } правки
    }, записано до { $when }. Если приложение открыто на другом вашем устройстве, сначала посмотрите там.

## Sync, in words

web-saved-waiting =
    Сохранено на устройстве · { $count ->
        [one] { $count } правка ждёт отправки
        [few] { $count } правки ждут отправки
        [many] { $count } правок ждут отправки
       *[other] { $count } правки ждут отправки
    }
web-on-relay = На сервере { $when }
web-on-relay-now = Всё на сервере
web-offline-since = нет связи с { $when }
web-offline-all-sent = Нет связи · всё на сервере { $when }
web-offline = Нет связи · всё хранится на этом устройстве
web-connecting = Подключаемся…
web-needs-you = Нужны вы: { $count }
web-needs-you-short = ждут вас
web-waits-others = Ждут других: { $count }
web-unsent = Ещё не отправлено: { $count }
web-at-work = на работе
web-closed = закрыто
web-opens-in = откроется через { $duration }
web-hours-unknown = часы неизвестны
web-not-on-relay = только на этом устройстве

## Search and keys

web-search = Поиск
web-search-hint = Перейти к документу или найти текст
web-search-results = Что нашлось
web-search-offline = Ищет во всех документах на этом устройстве, и без связи тоже.
web-search-count =
    { $count ->
        [one] Нашлось { $count } место
        [few] Нашлось { $count } места
        [many] Нашлось { $count } мест
       *[other] Нашлось { $count } места
    }
web-keys = Клавиатура
web-keys-layout = Буквы означают клавиши: они работают в любой раскладке.
web-keys-grid = В таблицу ведёт один Tab, и один выводит из неё. Буквы означают клавиши: они работают в любой раскладке.
web-key-arrows = Между ячейками
web-key-home = Первая и последняя ячейка строки
web-key-edit = Изменить ячейку
web-key-escape = Закрыть и вернуться к ячейке
web-key-paste = Вставить ячейки из таблицы

## Start

web-start-foot = Хранится на ваших устройствах и на сервере ваших команд. Без учётной записи и без пароля.
web-welcome-title = Кто что делает: договорились обе команды
web-welcome-lead = Entente хранит документы, о которых договорились две команды. Чтобы начать, нужна ссылка: приглашение от коллеги или ссылка для основания от того, кто ведёт ваш сервер.
web-welcome-link = Ваша ссылка
web-welcome-link-help = Вставьте её целиком; она останется на этом устройстве.
web-welcome-here = Партнёрства в этом браузере
web-link-none = Это не ссылка Entente. Скопируйте её целиком, от https:// до конца.
web-found-title = Начните с двух команд
web-found-lead = Шесть коротких ответов, и у вас есть ссылка для руководителя другой команды.
web-found-own = Ваша команда
web-found-other = Другая команда
web-found-own-example = Мороша, маркетинг
web-found-other-example = Harbor Creative
web-team-name = Название команды
web-team-city = Город
web-found-me = Ваше имя
web-found-me-example = Анна Орлова
web-found-lead-name = Имя руководителя
web-found-lead-example = Дана Рейес
web-found-first = О чём договоримся сначала?
web-begin-matrix = Кто что делает
web-begin-matrix-help = Что каждая команда ведёт, в чём помогает и чего пока никто не взял.
web-begin-brief = Бриф
web-begin-brief-help = Один бриф для всех рынков и часть для каждого.
web-begin-playbook = Как мы работаем
web-begin-playbook-help = Решения, сроки, кто с кем говорит и кто согласует.
web-found-go = Начать
web-found-busy = Готовим…
web-found-next = Дальше: одна ссылка для руководителя другой команды.
web-founded-title = Готово. Теперь пригласите другую сторону
web-founded-lead = Два дела, прежде чем продолжить: отправьте ссылку и уберите ключ восстановления в надёжное место.
web-founded-go = Открыть документ
web-invitation-for = Приглашение: { $person }
web-invitation-until = Действует один раз, до { $until }. Отправьте только этому человеку: { $name }.
web-invitation-tongue = Язык сообщения
web-invitation-message = Сообщение
web-tongue-both = На двух языках
web-tongue-ru = По-русски
web-tongue-en = По-английски
web-copy-message = Скопировать сообщение
web-copy-link = Скопировать ссылку
web-recovery-title = Ключ восстановления команды: { $party }
web-recovery-why = Если команда потеряет все устройства ({ $party }), этот ключ вернёт ей доступ. Его показывают только сейчас: перенесите его на бумагу или храните файл отдельно от этого устройства.
web-recovery-use = Этот ключ вернёт команде доступ ({ $party }), если все её устройства потеряны. Адрес:
web-recovery-kept = Ключ убран, дальше
web-join-title = { $title }
web-join-title-plain = Ваше приглашение
web-join-lead = Приглашает работать вместе: { $inviter }.
web-join-device = Ещё одно устройство: { $person }.
web-join-arriving = Спрашиваем сервер об этом приглашении…
web-join-you = Вы
web-join-as = Ваша роль
web-join-relay = Сервер
web-join-operator = Сервер ведёт { $operator } и может читать всё, что на нём хранится.
web-join-operator-unknown = Тот, кто ведёт сервер, может читать всё, что на нём хранится.
web-join-go = Присоединиться
web-join-busy = Присоединяемся…
web-join-uses-up = Приглашение тратит только эта кнопка.
web-join-until = Оно действует до { $until }.
web-join-key = На этом устройстве появится ключ. Пароля нет: у кого в руках разблокированное устройство, тот может писать от вашего имени, поэтому блокируйте его, когда уходите.
web-join-nothing-used = Приглашение ещё не потрачено: ссылка продолжает действовать.
web-joining-title = Минутку
web-joining = Сообщаем серверу. Страница продолжит сама.
web-joining-offline = Сейчас нет связи. Страница продолжит сама, как только связь появится.
web-joined-title = Вы присоединились
web-joined-lead = Вы в своей команде первый человек здесь, поэтому вот её ключ восстановления.
web-inapp-title = Откройте это в браузере
web-inapp-why = Эта страница открыта внутри другого приложения. Такие окна забывают то, что хранят, и ваш ключ пропал бы.
web-inapp-copy = Скопируйте ссылку:
web-inapp-open-android = Откройте Chrome или другой браузер и вставьте её; или в меню ⋮ выберите «Открыть в браузере».
web-inapp-open-ios = Откройте Safari и вставьте её; или нажмите кнопку у края окна и выберите «Открыть в Safari».
web-home-title = Сначала добавьте Entente на экран «Домой»
web-home-why = Safari забывает то, что хранит страница, если несколько дней её не открывать. С экрана «Домой» всё сохраняется.
web-home-copy = Скопируйте вашу ссылку:
web-home-add = В Safari выберите «Поделиться», затем «На экран „Домой“».
web-home-open = Откройте Entente с экрана «Домой» и вставьте ссылку там.
web-home-stay = Продолжить в этом окне
web-recover-title = Вернуться по ключу восстановления
web-recover-lead = Для команды, которая потеряла все устройства. Ключ на листе, который убрали, когда команда присоединилась.
web-recover-key = Ключ восстановления
web-recover-key-help = Четырнадцать групп по четыре знака; пробелы и заглавные буквы не важны.
web-recover-name = Ваше имя, как оно записано среди людей
web-recover-go = Проверить ключ
web-recover-join = Продолжить на этом устройстве
web-agree-title = Правила партнёрства
web-agree-lead = Кто что может писать, простыми фразами. Они вступят в силу, когда их подпишет руководитель каждой команды; до тех пор каждая команда правит свои части.
web-agree-sign = Согласиться и подписать
web-agree-read = Прочитать и подписать
web-signed = Подписано.
web-suggest = Предложить правку
web-suggest-stop = Закончить предлагать

## Documents

web-new-document = Новый документ
web-no-documents = Документов пока нет
web-no-documents-help = Начните с того, кто что делает: за несколько минут видно, где вы делаете одно и то же, а что пока никто.
web-new-kind = Что это будет?
web-new-title = Название
web-new-title-help = Если оставить пустым, назовём по виду документа.
web-changed = Изменено { $when }
web-unsafe-title = Этой странице нужно защищённое соединение
web-unsafe-lead = Она открыта по обычному http с другого компьютера. Для таких страниц браузеры не хранят ключей, поэтому писать здесь нельзя.
web-unsafe-try = Возможно, та же страница есть по защищённому адресу (https):
web-unsafe-go = Открыть защищённо: { $host }
web-unsafe-operator = Если нет, скажите тому, кто ведёт сервер: ему нужен сертификат или программа перед ним, у которой он есть. На самом сервере откройте страницу как localhost.
web-set-aside = Отложено: приложение дважды остановилось на этом документе
web-set-aside-retry = Попробовать ещё раз
web-not-here = Показать нечего
web-being-checked = Показано со слов сервера; проверяется.
web-stopped = На этом устройстве документ дальше не обновляется.
web-waiting-count =
    { $count ->
        [one] { $count } предложение ждёт
        [few] { $count } предложения ждут
        [many] { $count } предложений ждут
       *[other] { $count } предложения ждут
    }
web-both = Делают обе команды
web-both-agreed = Обе, договорились
web-nobody = Пока никто
web-two-values = Два значения
web-both-count =
    { $count ->
        [one] { $count } дело делают обе команды
        [few] { $count } дела делают обе команды
        [many] { $count } дел делают обе команды
       *[other] { $count } дела делают обе команды
    }
web-nobody-count =
    { $count ->
        [one] { $count } дело пока никто не взял
        [few] { $count } дела пока никто не взял
        [many] { $count } дел пока никто не взял
       *[other] { $count } дела пока никто не взял
    }
web-conflict-count =
    { $count ->
        [one] { $count } поле с двумя значениями
        [few] { $count } поля с двумя значениями
        [many] { $count } полей с двумя значениями
       *[other] { $count } поля с двумя значениями
    }
web-document-menu = Ещё для этого документа
web-content = Содержание
web-document-parts = Части документа
web-talk = Обсуждение
web-history = История
web-last-changed = последняя правка: { $person }
web-download-document = Скачать мою копию
web-section-unreadable = Эту часть ваша роль не видит.
web-no-reason = Почему так, пока не написано.
web-not-written = Пока не написано
web-no-rows = Пока пусто.
web-add-row = Добавить: { $what }
web-new-row = новая строка
web-row-menu = Переместить или убрать: { $name }
web-move-up = Выше
web-move-down = Ниже
web-person-hint = Имя
web-in-tongue = { $label }, { $tongue }
web-both-languages = Показать оба языка
web-source = исходный текст
web-translation-current = перевод актуален
web-translation-missing = ещё не переведено
web-translation-outdated-ru = старше русского текста
web-translation-outdated-en = старше английского текста
web-translation-mark = Отметить как переведённое
web-emptied = пусто
web-writes = Пишут: { $people }
web-theirs = Эту часть пишут: { $people }
web-decides = предложения рассматривает { $person } ({ $presence })
web-changed-by = { $person }, { $when }
web-who-decides = Кто что решает:

## The matrix

web-function = Функция
web-function-add = Добавить функцию
web-function-label = Название
web-function-scope = Что сюда входит
web-function-remove = Убрать функцию
web-function-new-help = На вашем языке; перевод можно добавить потом.
web-unnamed = (пока без названия)
web-edit-named = Изменить: { $name }
web-you-fill = заполняете вы
web-fills = заполняет { $person }
web-hidden-cell = вам не показано
web-grid-hint = Стрелки ведут по ячейкам, Enter меняет, можно вставить ячейки из таблицы.
web-evidence-count =
    { $count ->
        [one] { $count } пример работы
        [few] { $count } примера работ
        [many] { $count } примеров работ
       *[other] { $count } примера работ
    }
web-cell-you-suggest = Вы предлагаете: { $value }
web-cell-suggests = Предлагает { $person }: { $value }
web-claim = Что здесь делает команда
web-person = Человек
web-suggesting-cell = Эту колонку заполняет другая команда. То, что вы выберете, соберём как предложение.
web-read-only-cell = Эту ячейку можно читать; ваша роль в ней не пишет.
web-to-settle = Надо решить
web-to-settle-before = Решить до подписания
web-all-settled = Всё решено: ничего не делается дважды и ничего не забыто.
web-agreed-count =
    { $count ->
        [one] Договорились: { $count }
        [few] Договорились: { $count }
        [many] Договорились: { $count }
       *[other] Договорились: { $count }
    }
web-choices = Как это разделить
web-agree-choice = Записать
web-agreed-written = { $function }: { $choice }
web-split = Как договорились
web-gap-supporters = Готовы помочь: { $teams }
web-to-discuss = Ещё решить
web-we-take-it = Берём на себя
web-matrix-about = Что приносит каждая команда
web-pasted =
    { $written ->
        [one] Записана { $written } ячейка
        [few] Записаны { $written } ячейки
        [many] Записано { $written } ячеек
       *[other] Записано { $written } ячейки
    }, { $suggested ->
        [one] { $suggested } предложение
        [few] { $suggested } предложения
        [many] { $suggested } предложений
       *[other] { $suggested } предложения
    }, { $skipped ->
        [one] { $skipped } не понята
        [few] { $skipped } не поняты
        [many] { $skipped } не понято
       *[other] { $skipped } не понято
    }.

## The brief and the playbook

web-brief-parts = Части брифа
web-brief-complete = Всё обязательное написано.
web-brief-missing =
    { $count ->
        [one] Осталось написать: { $count } место
        [few] Осталось написать: { $count } места
        [many] Осталось написать: { $count } мест
       *[other] Осталось написать: { $count } места
    }
web-lacks-ru = нет русского текста
web-lacks-en = нет английского текста
web-lacks-pillars =
    { $count ->
        [one] { $count } тема; нужны три или четыре
        [few] { $count } темы; нужны три или четыре
        [many] { $count } тем; нужны три или четыре
       *[other] { $count } темы; нужны три или четыре
    }
web-undecided =
    { $count ->
        [one] { $count } вопрос без решающего
        [few] { $count } вопроса без решающего
        [many] { $count } вопросов без решающего
       *[other] { $count } вопроса без решающего
    }
web-unheld =
    { $count ->
        [one] { $count } роль без человека
        [few] { $count } роли без человека
        [many] { $count } ролей без человека
       *[other] { $count } роли без человека
    }
web-band = Ближайшие 24 часа
web-band-open = на работе
web-band-shared = на работе все

## Suggestions

web-waits-for-you = Ждёт вашего решения
web-waits-for-others = Ждёт решения других
web-waits-nobody = Ждёт решения: сейчас решить некому
web-why-waits = Почему ждёт
web-approve = Согласовать
web-approved = Согласовано.
web-not-take = Не принимать
web-send-back = Вернуть с замечаниями
web-take-back = Отозвать
web-reason = Почему; прочитает { $person }
web-reason-help = Останется в истории рядом с предложением.
web-loses = Более поздняя правка возьмёт верх над этим значением; при согласовании оно запишется заново.
web-hidden = Что в нём, ваша роль не видит.
web-more-changes =
    { $count ->
        [one] и ещё { $count } правка в том же предложении
        [few] и ещё { $count } правки в том же предложении
        [many] и ещё { $count } правок в том же предложении
       *[other] и ещё { $count } правки в том же предложении
    }
web-becomes = станет
web-act-invite = Пригласить: { $person }
web-act-enrol = Впустить: { $person }
web-act-revoke = Завершить доступ: { $person }
web-you-suggest = Вы предлагаете:
web-not-sent = ещё не отправлено
web-drop = Убрать
web-tray = Ваши предложения
web-tray-count =
    { $title }: { $count ->
        [one] { $count } предложение, ещё не отправлено
        [few] { $count } предложения, ещё не отправлены
        [many] { $count } предложений, ещё не отправлены
       *[other] { $count } предложения, ещё не отправлены
    }
web-tray-review = Посмотреть и отправить
web-tray-deciders = Решают: { $deciders }
web-tray-message = Сообщение
web-tray-message-help = Одно сообщение на всё: почему так будет лучше.
web-tray-send =
    { $count ->
        [one] Отправить предложение
        [few] Отправить одним предложением
        [many] Отправить одним предложением
       *[other] Отправить одним предложением
    }
web-inbox-calm = Вас ничего не ждёт
web-inbox-calm-help = Здесь появятся предложения для вас, открытые вопросы и то, что ждёт других.
web-kept-here = Хранится на этом устройстве
web-ask = могут: { $people }
web-conflict =
    { $count ->
        [one] Здесь { $count } значение
        [few] Здесь { $count } значения
        [many] Здесь { $count } значений
       *[other] Здесь { $count } значения
    }: выберите одно
web-conflict-look = Посмотреть и выбрать
web-conflict-title = Здесь писали оба
web-conflict-why = Каждое написано без знания о другом. Ничего не потеряно: выберите то, что останется.
web-conflict-stands = Стоит, пока никто не выбрал.
web-conflict-keep = Оставить «{ $value }»
web-conflict-suggest = Предложить оставить «{ $value }»
web-conflict-new = Чтобы написать что-то новое, закройте это окно и измените поле: это тоже решит вопрос.

## History and talk

web-both-edited = Этот абзац правили обе стороны, не видя правок друг друга
web-both-compare = Показать, кто что изменил
web-both-hide = Свернуть
web-both-wrote = { $person }:
web-both-stands = Сейчас там стоит, сложенное по буквам:
web-keep-mine = Оставить мой вариант
web-keep-theirs = Оставить вариант: { $person }
web-write-new = Написать заново
web-both-leave = Так и оставить
web-ask-person = Спросить: { $person }
web-ask-title = Вопрос тому, кто решает
web-ask-whom = Кого
web-ask-text = Вопрос
web-ask-help = Он появится в обсуждении рядом с документом и будет ждать у этого человека во входящих.
web-ask-send = Спросить
web-ask-which = Что оставить: { $place }?
web-asked = Вопрос задан: { $person }. Он стоит в обсуждении рядом с документом.
web-asked-you = Вас спрашивают
web-you-asked = Вы спросили, ответа пока нет
web-talk-open = Открыть обсуждение: { $title }
web-talk-begin = Обсудить
web-talk-about = О чём: { $place }
web-talk-asks = Вопрос: { $person }
web-talk-there = Показать
web-talk-reply = Ответить
web-decide = Записать решение
web-decide-anew = Изменить решение
web-decide-text = Что решили
web-decide-stands = Оно также появится здесь: { $place }.
web-decide-here = Оно останется в этой беседе, с вашим именем и временем.
web-decide-go = Решено
web-decided = Решено
web-decided-stands = Записано также: { $place }
web-source-changed-ru = Что с тех пор изменилось в русском тексте
web-source-changed-en = Что с тех пор изменилось в английском тексте
web-source-then-unknown = Текста, с которого переводили, в истории нет, сравнить не с чем.
web-presence = Сейчас здесь
web-presence-in = { $person }: { $section }
web-presence-title = Кто сейчас здесь
web-presence-help = Пока вы смотрите документ, те, кто может его читать, видят ваше имя и часть, в которой вы находитесь, а вы видите их. Ничего из этого не записывается.
web-presence-on = Участвовать на этом устройстве
web-agreed-text = Договорились
web-compare = Что изменилось
web-compare-from = Сравнить отсюда
web-compare-to = до этого места
web-compare-same = Различий нет.
web-restore = Вернуть
web-restored = Возвращено новой правкой.
web-restored-message = Как было: { $when }
web-talk-empty = Сообщений пока нет
web-talk-help = Вопросы и ответы рядом с документом, где их найдут обе команды.
web-talk-say = Ваше сообщение
web-talk-send = Отправить

## Ground rules and people

web-rules-since = В силе с { $when }
web-rules-proposed = Предложены, ещё не в силе
web-rule-new = Добавить правило
web-rule-change = Предложить другое правило
web-rule-change-named = Предложить правку к правилу «{ $name }»
web-rule-name = Как называется правило
web-rule-what = О чём оно
web-rule-who = Кому что можно
web-rule-role = Роль
web-rule-team = Команда
web-rule-read = Читать
web-rule-propose = Предлагать
web-rule-edit = Писать
web-rule-endorse = Решать
web-rule-hold = Любая правка ждёт тех, кто решает
web-rule-any-team = любая команда
web-rule-its-team = сама команда
web-rule-each-team = каждая команда
web-rule-oneself = Сам человек
web-rule-all-parts = все части
web-rule-says = Правило будет гласить:
web-rule-not-yet = Когда у правила будет название на двух языках, предмет и кто-то, кому что-то можно, здесь появится его текст.
web-rule-remove = Предложить убрать его
web-rule-lacks-name = Назовите правило по-русски и по-английски.
web-rule-lacks-what = Выберите, о чём правило.
web-rule-lacks-who = Выберите, кому что можно.
web-rule-lacks-decider = Если любая правка ждёт, кто-то должен решать: выберите кто.
web-rules-as-text = Все правила текстом
web-rules-read = Прочитать правила
web-rules-nobody-yet = пока никто
web-signatures = Подписи
web-signed-by = Подписано: { $person } ({ $party }), { $when }
web-unsigned = { $party }: ещё не подписано
web-gaps =
    { $count ->
        [one] Стоит решить: { $count } вопрос
        [few] Стоит решить: { $count } вопроса
        [many] Стоит решить: { $count } вопросов
       *[other] Стоит решить: { $count } вопроса
    }
web-gap-role = Этой роли пока ни у кого нет: { $role }
web-gap-role-in = Этой роли пока ни у кого нет: { $role } ({ $teams })
web-gap-only = { $rule }: может только один человек, { $person }; надёжнее, если сможет и второй
web-gap-right = { $rule }: сейчас этого никто не может
web-rules-change = Предложить правку правил
web-rules-change-help = Измените строку и напишите почему. Нужен руководитель каждой команды; до тех пор правила остаются прежними.
web-rules-text = Правила текстом
web-rules-propose = Предложить
web-invite = Пригласить
web-invite-to = Пригласить в команду: { $party }
web-invite-make = Создать ссылку
web-invited = Приглашение
web-person-name = Имя и фамилия
web-person-menu = Действия: { $person }
web-roles = Роли
web-roles-change = Изменить роли
web-roles-of = Роли: { $person }
web-roles-help =
    { $count ->
        [one] Сейчас в команде { $count } человек.
        [few] Сейчас в команде { $count } человека.
        [many] Сейчас в команде { $count } человек.
       *[other] Сейчас в команде { $count } человека.
    } Свою роль никто не меняет.
web-remove-person = Завершить доступ
web-remove-person-sure = Завершить доступ: { $person }? Всё написанное останется.
web-replace-device = Заменить потерянное устройство
web-replace-help = Доступ потерянного устройства завершится сразу, а для нового будет ссылка. Кому: { $person }.
web-replace-which = Потеряно
web-replace-go = Завершить и создать ссылку
web-hours = Рабочие часы
web-hours-of = Рабочие часы: { $party }
web-hours-help = Например: пн-пт 10:00-19:00
web-hours-until = известны до { $date }
web-hours-change = Изменить
web-holidays = Выходные и праздники
web-holidays-help = Дни вида 2026-12-31 через пробел.

## This device

web-device-add = Добавить моё устройство
web-device-scan = Наведите камеру нового устройства или откройте там ссылку.
web-device-qr = QR-код со ссылкой для нового устройства
web-device-until = Действует один раз, до { $until }. Впускает одно устройство, от вашего имени.
web-device-unnamed = устройство
web-device-lost = Потеряно
web-device-end = Завершить доступ
web-device-lost-sure = Устройство потеряно: { $device }? От него больше ничего не примем.
web-device-end-sure = Завершить доступ: { $device }?
web-keeping = Хранение на этом устройстве
web-kept = Браузер обещал сохранить то, что здесь хранится.
web-not-kept = Браузер может стереть то, что здесь хранится, если места станет мало. Надёжнее установить Entente или чаще выходить на связь.
web-keep-unknown = При первой правке попросим браузер сохранять то, что здесь хранится.
web-install = Установить Entente
web-check = Проверить историю
web-check-help = Заново проверит каждую подпись и каждое решение на этом устройстве и сравнит с сервером.
web-check-go = Проверить
web-check-busy = Проверяем…
web-copy-mine = Скачать мою копию
web-copy-help = Один файл со всем, что вам можно читать, и с тем, что ещё не отправлено. Его примет другое устройство или командная строка.
web-import = Принять файл
web-relay = Сервер

## Версии и подписи

web-state-draft = Черновик
web-state-draft-unsigned = Черновик, подписано { $done } из { $needed }
web-state-review = На согласовании, { $round }
web-state-approved = Согласовано
web-state-changed = Изменилось после согласования
web-state-changed-signed = Изменилось после подписания
web-state-signed = Подписано { $done } из { $needed }
web-state-lapsed = Подписи истекли
web-state-since = с { $when }
web-state-approved-then = согласовано { $when }
web-state-signed-then = { $when }, подпись: { $person }
web-valid-until = действует до { $date }
web-send-version = Отправить версию
web-send-next = Отправить следующую версию
web-send-title = Отправить на согласование: версия { $number }
web-send-help = Писать можно и дальше: согласуют текст, каким он стоит сейчас.
web-send-to = Кто согласует
web-send-message-help = Что нового или на что посмотреть.
web-send-go = Отправить на согласование
web-version-sent = Отправлено на согласование. Решает: { $people }.
web-version-yours = Версия ждёт вашего ответа
web-version-look = Что изменилось и кто согласует
web-version-first = Это первая версия: в ней всё новое.
web-version-first-own = Версий ещё не отправляли.
web-version-since = Что изменилось после прошлой версии
web-version-moved = С тех пор текст изменился. Ваш ответ относится к отправленной версии.
web-versions-earlier =
    { $count ->
        [one] { $count } прежняя версия
        [few] { $count } прежние версии
        [many] { $count } прежних версий
       *[other] { $count } прежних версий
    }
web-came-back = Вернули с замечаниями { $when }: { $person }
web-chain-asked = отправлено
web-chain-due = срок
web-chain-asked-now = сейчас решает
web-chain-approved = согласовано { $when }: { $person }
web-chain-own = согласовано
web-chain-nobody = этой роли ни у кого нет
web-chain-over =
    { $rounds ->
        [one] Запланированный { $rounds } круг исчерпан: это видят обе команды, и работа продолжается.
        [few] Запланированные { $rounds } круга исчерпаны: это видят обе команды, и работа продолжается.
        [many] Запланированные { $rounds } кругов исчерпаны: это видят обе команды, и работа продолжается.
       *[other] Запланированные { $rounds } кругов исчерпаны: это видят обе команды, и работа продолжается.
    }
web-sign-open = Подписать…
web-sign-opens =
    { $count ->
        [one] Можно будет, когда решён { $count } вопрос выше.
        [few] Можно будет, когда решены { $count } вопроса выше.
        [many] Можно будет, когда решены { $count } вопросов выше.
       *[other] Можно будет, когда решены { $count } вопросов выше.
    }
web-sign-title = Подписать: { $title }
web-sign-first-settle =
    { $count ->
        [one] Сначала решить: { $count } вопрос
        [few] Сначала решить: { $count } вопроса
        [many] Сначала решить: { $count } вопросов
       *[other] Сначала решить: { $count } вопросов
    }
web-sign-text = Что вы подписываете
web-sign-since = Что изменилось после прошлой подписи
web-sign-first = Эту часть ещё никто не подписывал.
web-sign-does = Что даёт подпись
web-sign-locks = Когда подпишут все, текст закрепляется: правку согласуют все, кто подписал.
web-sign-holds = Если текст потом изменится, подписи прекращаются, и все подписывают снова.
web-sign-expires =
    { $days ->
        [one] Подписи действуют { $days } день.
        [few] Подписи действуют { $days } дня.
        [many] Подписи действуют { $days } дней.
       *[other] Подписи действуют { $days } дней.
    }
web-sign-missing = Ещё не подписали: { $people }.
web-sign-record = Это запись о том, о чём договорились команды, а не квалифицированная электронная подпись.
web-sign-go = Подписать
web-role-in-team = { $team }: { $role }
web-locked = Подписанный текст, правку согласует: { $people }
web-amend = Предложить правку к подписанному
web-amendment = Правка к подписанному
web-amendment-help = Когда согласятся все, кто подписал, она вступит в силу и будет подписана.
web-to-sign = Нужна ваша подпись
web-to-sign-not-ready = Сначала нужно кое-что решить; что именно, написано на следующей странице.
web-came-back-to-you = Вернули вам
web-to-translate = Перевести
web-suggest-again = Предложить снова
web-printed = На бумаге: { $when }
web-override = Под мою ответственность…
web-override-help = Вы можете принять это под свою ответственность. Обе команды увидят, кто так решил и почему.
web-override-why = Почему
