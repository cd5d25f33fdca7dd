"""Words that say nothing about a subject: reply marks and the small words of a few languages."""

from __future__ import annotations

_REPLY_MARKS = "re fw fwd aw wg sv vs antw tr rv enc res odp vb vl doorst ant rif ynt vá továbbítás"
_ENGLISH = """
a about above after again all also am an and any are aren't as at be because been before being
below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't
down during each few for from further get go got had has have having he her here hers him his how
i i'd i'll i'm i've if in into is isn't it it's its just let let's like may me might more most must
my need new no nor not now of off on once one only or other our ours out over own please plz per re
same she should so some such than thank thanks that that's the their them then there these they
this those through to too two under until up update updated upon us very via want was we we'll
we're we've were what what's when where which while who whom why will with without won't would yes
you you'll you're you've your yours attached attachment message mail email e-mail fyi hello hi hey
today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday day days week
weeks due daily weekly monthly question questions info information note request reply forward
forwarded test untitled subject
""".strip()
_GERMAN = """
aber als am an auch auf aus bei bin bis bitte da danke das dass dein dem den der des die dir doch
du ein eine einem einen einer es für haben hat ich ihr im in ist ja kein mal mein mir mit nach nicht
noch nur oder schon sich sie sind so über um und uns unser von vom vor was wegen wer wie wir wird
zu zum zur
"""
_ROMANCE = """
au aux avec ce ces cette dans de des du elle en est et il je la le les leur mais me mon ne nos
notre nous on ou par pas pour que qui sa se ses son sur te tu un une vos votre vous al como con
del el ella es esta este las lo los mas mi muy no nuestra para pero por ser si sin sobre su sus
una y ya che di da della delle dei gli non per sono uno ao aos as com das do dos em na nas o os
pela pelo são seu sua um uma
"""

STOP_WORDS = frozenset(
    word.casefold() for text in (_REPLY_MARKS, _ENGLISH, _GERMAN, _ROMANCE) for word in text.split()
)
"""Case-folded, apostrophes straight."""
