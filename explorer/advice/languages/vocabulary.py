"""What words are to a story, by language: which tell nothing, which are one, which turn a plot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from explorer.story.language import primary
from explorer.story.tokens import folded

# The first one that fits is put right; none of them makes two words one that mean two things.
_ENDINGS = (
    *(("sses", "ss"), ("ies", "y"), ("ss", "ss"), ("us", "us"), ("s", "")),
    *(("ied", "y"), ("ed", "")),
)
_STOPWORDS = {
    "en": """
        a about above after again against all almost alone along already also although always am
        among an and another any anybody anyone anything are around as ask asks at away back be
        because been before behind being below best better between beyond big both bring brings but
        by call called calls came can cannot come comes could day days did do does doing done down
        each eight either else end enough even ever every everybody everyone everything far few
        find finds first five for found four from full further gave get gets give gives go goes
        going gone good got great had half hand hands hard has have having he head hear hears help
        her here hers herself him himself his hold holds home house how however hundred i if in
        inside into is it its itself just keep keeps know knows last late later least leave leaves
        left less let lets like little live lives long look looks lot made make makes man many
        matter may me meet meets men might mine minute minutes moment more most mr mrs ms dr much
        must my myself name near need needs never new next night nine no nobody none nor not nothing
        now of off often old on once one ones only onto open opens or other others our ours out
        outside over own part people place put puts quite rather read reads really right room said
        same saw say says second see seen sees seven several shall she should show shows since sit
        sits six so some somebody someone something sometimes soon stand stands start still stop
        such sure take taken takes talk talks tell tells ten than that the their theirs them
        themselves then there these they thing things think thinks this those though three through
        time times to today together told tomorrow tonight too took toward towards tries try turn
        turns two under until up upon us use used very wait waits walk walks want wants was watch
        way we week weeks well went were what whatever when where whether which while who whoever
        whole whom whose why will with without woman women word words work works world would year
        years yes yet you young your yours s t d ll m re ve don doesn didn isn wasn aren weren won
    """,
    "de": """
        aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin
        bis bist da dabei damit dann das dass dem den denn der des dessen dich die dies diese diesem
        diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es etwas
        euch für fur gegen geht gehen gibt ging hab habe haben hat hatte hatten hier hinter ich ihm
        ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede jedem jeden jeder jetzt
        kann kein keine keinem keinen keiner kommt konnte lang lange liegt machen macht mal man mehr
        mein meine mich mir mit muss nach nicht nichts nie niemand noch nun nur ob oder ohne sagt
        schon sehr sein seine seinem seinen seiner seit sich sie sieht sind so soll steht uber um
        und uns unser unter viel vom von vor wann war waren warum was weil weiß weiss welche wenn
        wer werden wie wieder will wir wird wo wohl wurde wurden zu zum zur zwei zwischen über
    """,
    "fr": """
        a ai au aux avec c ce cela ces cet cette chez comme d dans de des deux du elle elles en est
        et etait etre eu fait il ils j je l la le les leur leurs lui m ma mais me meme mes mon n ne
        ni nos notre nous on ont ou par pas plus pour qu quand que qui quoi s sa sans se ses si son
        sont sous sur t ta te tes ton tout tous toute tres tu un une va vers vous y
    """,
    "es": """
        a al algo ante antes como con cuando de del desde donde dos el ella ellas ellos en entre era
        es esa ese eso esta este esto estos fue ha hace han hasta hay la las le les lo los mas me mi
        mis muy nada ni no nos o otra otro para pero por porque que quien se ser si sin sobre son su
        sus tambien te tiene todo todos tu un una uno unos va y ya yo
    """,
}

# Words on which plots turn. Those of one line are one matter, so whoever knows of it by one of
# them learns nothing by another.
_TURNING = {
    "en": """
        corpse dead death deaths deathly die died dies dying lifeless
        assassin assassinate assassinated hang hanged homicide kill killed killer killers killing
            kills murder murdered murderer murderers murders poison poisoned poisons slain slaughter
            stab stabbed stabs strangle strangled strangles suicide
        accomplice betray betrayal betrayed betrays blackmail blackmailed blackmails conspiracy
            impostor mole spies spy traitor treason
        confess confessed confesses confession culprit guilt guilty
        forge forged forger fraud robbed robber steal stealing steals stole stolen thief
        alive survive survived survives survivor
        abduct abducted hostage kidnap kidnapped kidnapper kidnaps
        arrest arrested arrests jailed
        rape raped rapes
        baby birth bore childbirth pregnancy pregnant
        affair adultery mistress
        bride divorce divorced husband marriage married marries marry wedding wife widow widower
        daughter daughters grandchild granddaughter grandson son sons
        father fathered grandfather
        mother grandmother
        brother brothers half-brother half-sister sister sisters sibling siblings twin twins
        aunt cousin nephew niece uncle
        adopted foundling illegitimate orphan stepfather stepmother
        disguise disguised masquerade
        amnesia ghost immortal vampire werewolf
    """,
    "de": """
        leiche starb sterben stirbt tod tot tote toten toter
        ermordet erschlagen erschossen erstochen getötet mord mörder mörderin selbstmord tötet
            umgebracht vergiftet
        verrat verraten verräter verräterin spion spionin erpresst erpressung
        geständnis gesteht schuld schuldig täter täterin
        dieb diebin gestohlen stiehlt betrug betrüger
        lebendig überlebt überlebte
        entführt entführung geisel
        verhaftet verhaftung
        schwanger schwangerschaft geburt
        ehefrau ehemann heirat heiratet hochzeit witwe witwer
        enkel enkelin sohn söhne tochter töchter
        vater großvater
        mutter großmutter
        bruder brüder halbbruder halbschwester schwester schwestern zwilling zwillinge
        cousin cousine neffe nichte onkel tante
        adoptiert findelkind uneheliche waise
    """,
}


@cache
def stopwords(language: str) -> frozenset[str]:
    """Give the words to pass over in a language, folded; none for a language that has no list."""
    return frozenset(map(folded, _STOPWORDS.get(primary(language), "").split()))


@cache
def turning(language: str) -> Mapping[str, int]:
    """Give the words on which plots turn, as stems, each with the number of its matter."""
    lines = re.split(r"\n {8}(?=\S)", _TURNING.get(primary(language), ""))
    return {
        stem(folded(word), language): n for n, line in enumerate(lines) for word in line.split()
    }


def stem(word: str, language: str) -> str:
    """Give a folded word without the ending that grammar puts on it, as far as that is certain."""
    if primary(language) != "en" or len(word) < 4:
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word.removesuffix(ending) + instead
    return word
