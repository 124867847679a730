"""Which encoding a text file is in: told by its first bytes, or else by which letters come out of it."""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

# Sure signs, the longer first: UTF-32 begins as UTF-16 does.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENOUGH = 8_000
"""Bytes of text that are looked at: more only takes time."""

_UNKNOWN, _RARE, _WRONG = -9.0, -8.8, -12.0  # natural logarithms, as all weights
_PUNCTUATION = dict.fromkeys("’‘“”„‚–—…«»‹›·•°№\u00a0♪♫", -4.5)
_WIDE_PUNCTUATION = _PUNCTUATION | dict.fromkeys("，。！？、：；（）「」『』【】《》～・ー…—\u3000", -3.5)
_LONE = re.compile(r"(?<=[A-Za-z])[^\W\d_A-Za-z]|[^\W\d_A-Za-z](?=[A-Za-z])")
_ASCII_WORD = re.compile(rb"(?<![\x80-\xff\w])[a-z]+(?![\x80-\xff\w])")
_TOGETHER = re.compile(r"[^\W\d_A-Za-z](?=[^\W\d_A-Za-z])")


@dataclass(frozen=True)
class _Language:
    """How likely each letter beyond ASCII is: those of the list from the most frequent to the rarest."""

    letters: str
    words: str = ""
    """The most frequent ones in ASCII; none where the letters are others."""
    is_wide: bool = False
    """Thousands of signs, of which the list is only the beginning."""

    @cached_property
    def weights(self) -> dict[str, float]:
        """Zipf's law, with a flat top as alphabets have it."""
        parts = [1 / (rank + 4) for rank in range(len(self.letters))]
        known = math.log(0.55 if self.is_wide else 1.0)
        found = {letter: known + math.log(part / sum(parts)) for letter, part in zip(self.letters, parts, strict=True)}
        return (_WIDE_PUNCTUATION if self.is_wide else _PUNCTUATION) | found

    def likelihood(self, text: str) -> float:
        """How well the text goes with the language, as the logarithm of a probability."""
        weights = self.weights
        total = 0.0
        for letter, count in Counter(text.lower()).items():
            if letter >= "\x80":
                total += count * (weights[letter] if letter in weights else self._unlisted(letter))
        if self.words:  # most of its letters are ASCII: two others side by side are rare
            return total - 2 * sum(1 for _ in _TOGETHER.finditer(text)) - 4 * _odd_cases(text)
        return total - 4 * sum(1 for _ in _LONE.finditer(text)) - 4 * _odd_cases(text)

    def _unlisted(self, letter: str) -> float:
        if letter == "\ufffd" or unicodedata.category(letter) in ("Cc", "Co", "Cn"):
            return _WRONG
        return _RARE if self.is_wide and unicodedata.category(letter) == "Lo" else _UNKNOWN


def _odd_cases(text: str) -> int:
    """Capitals after small letters, where one of the two is beyond ASCII."""
    return sum(
        left.islower() and right.isupper() and (left >= "\x80" or right >= "\x80") for left, right in pairwise(text)
    )


# How often letters are used is a fact of each language; these were counted in the translations of free software.
_KANA = (
    "のいたなにてるしかをはとがもっんまでらうれこだすあきりおよそくどさせじけちみわえろばつやほげふめねごべ"
    "ンスルトイーリラクアレシタドッロフマムコテカプサバジメデオグキニナィブパハビュャエセァミウモズチワ"
    "人一日私大何言今気見行来知前手女子思分出本彼上時間生年中会事話間目心者君家男当食待聞死待違父母"
)
_SIMPLIFIED = (
    "的我你不是了一在有他这么们那来个就没到人说要会好吗什去都知道可以她想能对得看起给过吧上着下自还天和为很时"
    "候里大出把事家多后怎现样情真话小子意开走谢请问应该再但因让谁只别做回找见已经从老年生女死等点它手将心地中"
    "发用打前所面以先妈爸国工作爱明儿告诉听叫需最觉些如果才两气身长又比钱车快您错男孩门所次今杀警"
)
_TRADITIONAL = (
    "的我你不是了一在有他這麼們那來個就沒到人說要會好嗎什去都知道可以她想能對得看起給過吧上著下自還天和為很時"
    "候裡大出把事家多後怎現樣情真話小子意開走謝請問應該再但因讓誰只別做回找見已經從老年生女死等點它手將心地中"
    "發用打前所面以先媽爸國工作愛明兒告訴聽叫需最覺些如果才兩氣身長又比錢車快您錯男孩門所次今殺警"
)
_HANGUL = (
    "이다는에의가을를고하지로한사기도어나아니라리자그해서시만있은들인대일수것게여내없너야요네거면데잖우보"
    "저왜뭐안못말무주스오정제전구생진더상알겠어았었했할당신람으음까마와과할때좋정말원모든른것같잘되돼된죽"
    "좀집군님부동미빨려줘봐했습합녀남사랑친엄아버머선차여물장문방성실경소세"
)


def _wide(letters: str) -> list[_Language]:
    return [_Language("".join(dict.fromkeys(letters)), is_wide=True)]


_CENTRAL = [
    _Language("łżąęśóćńź", "nie to jest na do co ja tak jak mnie"),  # Polish
    _Language("íářčéýžěšůúóňťď", "to je se na co jsem tak jsi ale jak"),  # Czech
    _Language("áíýčúťéžľšóäôňĺďŕ", "to je sa na som ale ako si tak nie"),  # Slovak
    _Language("áéíóöőüúű", "a nem az hogy ez is van de meg csak"),  # Hungarian
    _Language("ăţîâşșț", "nu de ce e la un am o cu pe"),  # Romanian
    _Language("čšžćđ", "je da se ne sam to si u na li"),  # Croatian, Slovene, Serbian
]
_CYRILLIC = [
    _Language("еоаинтрслвкпдмуяьзыйбчгжцфюшхщэёъ"),  # Russian
    _Language("аноиевтрікслпдумязбйьчгжцєфхюшїщґ"),  # Ukrainian
    _Language("аениотрсвдпкзлмъябучжгйфцшщхюь"),  # Bulgarian
    _Language("аеионртскупдвмзјлбгњчшцљжћхфђџ"),  # Serbian
    _Language("анрыкелісядвптмуоцзьэўчбгйфшхжюё"),  # Belarusian
]
_WESTERN = [
    _Language("éèïñçâêö", "the you and to is it of that in what"),  # English
    _Language("üäößé", "ich die und der ist nicht sie das du wir"),  # German
    _Language("éèàêôîçâùïœûëæ", "de je le la que vous les pas est un"),  # French
    _Language("óáíúñé¿¡ü", "de que la el en un es por los una"),  # Spanish
    _Language("ãçáíéóúõêâôàü", "que de eu um uma para com do se os"),  # Portuguese
    _Language("èàòùéìîíú", "di che il la non un per sono mi ma"),  # Italian
    _Language("óàéíèòçúïü", "que la el les una els amb per no es"),  # Catalan
    _Language("éëïóèöü", "de het een ik je dat is niet en van"),  # Dutch
    _Language("äöåéà", "jag att det och som inte en du har den"),  # Swedish
    _Language("æøåé", "jeg at det er og ikke du en har den"),  # Danish, Norwegian
    _Language("äö", "on ei ja se en mutta oli ole niin mit"),  # Finnish
    _Language("ðíáóýúæöþé", "og er ekki hann var til um ert sem"),  # Icelandic
    _Language("ëç", "te nuk dhe se i e me per ne do"),  # Albanian
]
_BALTIC = [
    _Language("šėųįžąūčę", "tai ir kad ne kas su tu bet man jis"),  # Lithuanian
    _Language("āēīšļūņķžģč", "ir es un tas ka to tu vai par no"),  # Latvian
    _Language("äõüöšž", "on ja ei ma see et sa ta oli mis"),  # Estonian
]
_TURKISH = [_Language("ışçüğö\u0307âîû", "bir bu ne ve da de ben sen evet var")]
_VIETNAMESE = [_Language("đ\u0301\u0300ư\u0323ôăâê\u0309ơ\u0303àáéèíóúýùã", "anh em ta cho khi trong con ra sao")]
_GREEK = [_Language("αοετνισρμηπκυςλίδγήέόάχωθφύβώξζψϊΐϋ")]
_HEBREW = [_Language("יותלהמרנשאבקפדסגעםחכטןצזץךף")]
_ARABIC = [
    _Language("اليمرتةوندفعسبحكقجصأطهخإذشغّزضىثئءظؤآًَِ،؟"),
    _Language("اینردهتومبسشکلپخفزجعگصقطحظچذغآضئژ،؟"),  # Persian
]
_THAI = [_Language("ารอม่กนเ้ดงัลีสตบิแยไวขทจหพปค์ะูืชำใถฟุ็โณซผภธษึฐญศฮๆ")]
_ENCODINGS = {  # where two make the same of a file, the first counts
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "cp1251": _CYRILLIC,
    "cp1253": _GREEK,
    "cp1254": _TURKISH,
    "cp1255": _HEBREW,
    "cp1256": _ARABIC,
    "cp1257": _BALTIC,
    "cp1258": _VIETNAMESE,
    "cp874": _THAI,
    "gb18030": _wide(_SIMPLIFIED),
    "big5hkscs": _wide(_TRADITIONAL),
    "cp932": _wide(_KANA),
    "euc_jp": _wide(_KANA),
    "cp949": _wide(_HANGUL),
    "iso8859_2": _CENTRAL,
    "koi8_r": _CYRILLIC[:1],
    "cp866": _CYRILLIC[:1],
}
_LATIN = [language for languages in (_WESTERN, _CENTRAL, _TURKISH, _BALTIC, _VIETNAMESE) for language in languages]


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of the encoding. What cannot be read in it stands there as U+FFFD."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.removeprefix(mark).decode(name.removesuffix("-sig"), "replace"), name
    name = _unmarked(data)
    text = data.decode(name, "replace")
    return unicodedata.normalize("NFC", text) if name == "cp1258" else text, name


def _unmarked(data: bytes) -> str:
    head = data[: _ENOUGH * 4]
    if zeros := head.count(0):
        # Digits, spaces and line ends are half zeros in UTF-16: on the even places if the high half comes first.
        first = head[::2].count(0)
        if zeros > len(head) // 20:
            return "utf-16-be" if first > zeros - first else "utf-16-le"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data)
    return "utf-8"


def _legacy(data: bytes) -> str:
    sample = b"\n".join(_lines_beyond_ascii(data))
    as_utf8 = sample.decode("utf-8", "replace")
    # A UTF-8 file with a damaged place is still one: no other encoding gives so many whole sequences by chance.
    if as_utf8.count("\ufffd") * 10 < sum(letter >= "\x80" for letter in as_utf8):
        return "utf-8"
    said = _said(data[: _ENOUGH * 4])
    trust = 3 * sum(byte >= 0x80 for byte in sample) / max(1, *said.values())

    def likelihood(name: str) -> float:
        text = sample.decode(name, "replace")
        return max(one.likelihood(text) + trust * said.get(one.words, 0) for one in _ENCODINGS[name])

    return max(_ENCODINGS, key=likelihood)


def _lines_beyond_ascii(data: bytes) -> Iterator[bytes]:
    taken = 0
    for line in data.splitlines():
        if not line.isascii():
            yield line
            taken += len(line)
            if taken > _ENOUGH:
                return


def _said(head: bytes) -> dict[str, int]:
    """How many of the frequent words of each language there are."""
    found = Counter(_ASCII_WORD.findall(head.lower()))
    return {one.words: sum(found[word.encode()] for word in one.words.split()) for one in _LATIN}
