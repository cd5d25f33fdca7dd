"""How machines word their subjects: delivery reports, automatic answers, receipts."""

from __future__ import annotations

import re

BOUNCE_SUBJECT = re.compile(
    r"""\s*(?:\[?\*{0,3}(?:spam|bulk)\*{0,3}\]?\s*)?(?:
      undeliver(?:able|ed|y) | undelivered\smail
    | (?:email\s)?delivery\s(?:status|failure|failed|problem|notification|report|error|delay
        |has\sfailed|to\sthe\sfollowing|.{0,10}(?:fail|delay))
    | (?:mail|message|e-?mail)\s(?:delivery|system)\s(?:fail|error|problem|has\sfail|status
        |subsystem|warning|notification)
    | mail\s(?:could\snot\sbe|not)\sdelivered | mail\s(?:system\s)?error | mail\sdelivery
    | mail\sfailure | message\sdelivery | delayed\smail | (?:warning\.?\s)?mail\sdelayed
    | (?:returned|return(?:ing)?)\s(?:mail|message|to\ssender)
    | failure\s(?:notice|delivery) | failed\s(?:mail|delivery)
    | non[- ]?(?:delivery|remis|deliverable) | nondeliver
    | warning:\s(?:could\snot|message|e?-?mail)
    | (?:there\swas\san\serror\ssending|could\snot\ssend|unable\sto\sdeliver)\s
    | message\s(?:not\sdelivered|could\snot|you\ssent\sblocked|status\s-\sundeliverable)
    | (?:your\s)?(?:mail|message|email)\s.{0,60}(?:undeliverable|was\snot\sdelivered
        |(?:has\sbeen|was)\s(?:blocked|rejected|returned))
    | (?:rejected|blocked)(?:\smail|:) | rejected\sposting | user\sunknown
    | (?:email\s)?feedback\sreport | abuse\sreport | complaint\sabout\smessage
    | postmaster\snotify | postmaster\scopy | permanent\sdelivery\sfailure
    | unzustellbar | nicht\szustellbar | zustellung\sfehlgeschlagen | échec\sde
    | remise\simpossible | no\sse\spudo\sentregar | error\sen\sla\sentrega | mancata\sconsegna
    | не\sудалось\sдоставить | недоставленное | (?:メッセージを)?配信できません | 退信
    )""",
    re.VERBOSE | re.IGNORECASE,
)

# Nobody gives a mail of their own such a subject.
AUTO_SUBJECT = re.compile(
    r"""\s*(?:\[?\*{0,3}spam\*{0,3}\]?\s*)?(?:
      (?:automatic|automated|auto)[- ]?(?:reply|response|answer|acknowledg) | auto:\s
    | auto-?(?:reply|response|responder|antwort)
    | out[ -]of[ -](?:the[ -])?office[ :-]*(?:auto|reply|response|message\sfrom|notification|re:|:)
    | vacation\s(?:reply|message|notice|response)
    | automatische\santwort | abwesenheits(?:notiz|nachricht|meldung|assistent)
    | réponse\sautomatique | (?:message\sd['’])?absence\sdu\sbureau\s?: | respuesta\sautom
    | fuera\sde\s(?:la\s)?oficina\s?: | resposta\sautom | risposta\sautomatica
    | fuori\s(?:sede|ufficio)\s?: | automatisch\santwoord | afwezigheids
    | autosvar | frånvaro: | fraværende: | automaattinen\svastaus | odpowiedź\sautomatyczna
    | autoodpowiedź | автоответ | автоматический\sответ | automatická\sodpověď
    | 自動返信 | 自動応答 | 自动(?:回复|答复)
    )""",
    re.VERBOSE | re.IGNORECASE,
)

# People write these about themselves too: they need a second sign.
AWAY_SUBJECT = re.compile(
    r"""\s*(?:
      (?:i(?:'m|\sam)\s)?out[ -]of[ -](?:the[ -])?office | ooo\b | on\s(?:vacation|holiday)\b
    | away\s(?:from\s(?:my\smail|the\soffice|my\sdesk)|until)
    | abwesend | nicht\sim\sbüro | absent\s(?:du\sbureau|jusqu) | fuera\sde\s(?:la\s)?oficina
    | fora\sdo\sescrit | ausência | fuori\s(?:sede|ufficio) | assente | afwezig | frånvarande
    | fravær | poissa | nieobecno | нет\sв\sофисе | 不在
    )""",
    re.VERBOSE | re.IGNORECASE,
)

RECEIPT_SUBJECT = re.compile(
    r"""\s*(?:read(?:\sreceipt)?|delivered|not\sread|relayed|recall|return\sreceipt|gelesen|ungelesen
      |lu|leído|letto|lida|lest|läst|przeczytano|прочтено)\s*(?:\([^)]{0,30}\))?\s*:""",
    re.VERBOSE | re.IGNORECASE,
)
RECEIPT_TEXT = re.compile(
    r"""\s*(?:your\smessage\b|this\sis\sa\s(?:receipt|return)|the\s(?:message|following)\b
      |return\sreceipt|.{0,80}would\slike\sto\srecall\sthe\smessage|ihre\snachricht|votre\smessage
      |(?:el|su)\smensaje|il\s(?:tuo\s)?messaggio)""",
    re.VERBOSE | re.IGNORECASE,
)

DAEMON_NAME = re.compile(
    r"mail(?:er)?[ -]?daemon|mail delivery (?:sub)?system|delivery subsystem|"
    r"mail delivery (?:service|system)|postmaster|(?:exchange )?system administrator|"
    r"delivery status|internet mail delivery|mail administrator|microsoft (?:outlook|exchange)",
    re.IGNORECASE,
)

# What newsletters and offers say at their foot, in lower case.
UNSUBSCRIBE_PHRASES = (
    "unsubscribe", "opt-out", "opt out", "to be removed", "be removed from", "remove me",
    "removed from this list", "removed from our", "remove yourself", "remove your", "abmelden",
    "abbestellen", "se désabonner", "désinscrire", "cancelar la suscripción", "darse de baja",
    "you are receiving this", "you received this e-mail because",
    "you received this email because", "you have received this e-mail because",
    "you have received this email because", "this message was sent to you because",
)  # fmt: skip
