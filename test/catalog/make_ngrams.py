"""Writes test/fixtures/ngrams.json: texts and the n-gram ids that the recipe's featuriser gives them.

    python test/catalog/make_ngrams.py
"""

import json
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models"))

from training.ngrams import ngram_ids  # noqa: E402

WRITTEN = [
    "", " ", "\n\t", "!!!", "…", "0", "a", "I", "red dress", "Red Dress", "RED DRESS", "red-dress", "red_dress",
    "women's running shoes, size 38½", "Café crème", "Cafe\u0301 cre\u0300me", "naïve façade", "ﬁne ﬂour", "ＦＵＬＬ ｗｉｄｔｈ",
    "İstanbul", "ΟΔΥΣΣΕΥΣ", "ὈΔΥΣΣΕΎΣ ΣΑΣ", "Straße STRASSE", "ǅungla", "Ⅻ ⅳ ½ ²", "١٢٣", "赤いドレス", "红色连衣裙", "빨간 드레스",
    "สีแดง ชุด", "कुर्ता लाल", "платье красное", "فستان أحمر", "שמלה אדומה", "👗", "red 👗 dress", "👩‍👩‍👧‍👦 family", "🇸🇪 stol",
    "𝒇𝒂𝒏𝒄𝒚 𝕞𝕒𝕥𝕙", "𠮷野家", "ﷺ", "㍿", "a\u0000b", "a\u200bb", "soft\u00adhyphen", "e\u0301", "\u0301", "no\u00a0break", "tab\tnew\nline",
    "colour: red, material: oak", "24-MB02", "18\" x 10\" x 6\"", "<b>bold</b>", "'; DROP TABLE items; --", "../../etc/passwd",
    "x" * 64, "x" * 65, "x" * 10_000, "red " * 2_500, "ab" * 5_000, "é" * 10_000, "👗" * 10_000, "𝒇" * 100, " " * 10_000 + "late",
    " ".join(f"word{n}" for n in range(1_500)), "ﷺ" * 4_096,
]
ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyz ", "ABCdef 123 ,.-'", "äöüßéèñçøåÆŒ ", "αβγδΣς άέ ", "абвгдЁё ", "漢字かなカナ ", "👗👠🪑 ab ",
    "a\u0301\u0308\u0327 b", "ｆｕｌｌ１２ ﬁ½ ",
]


def texts() -> list[str]:
    draw = random.Random(5)
    drawn = ["".join(draw.choices(draw.choice(ALPHABETS), k=draw.randint(1, 60))) for _ in range(200 - len(WRITTEN))]
    return WRITTEN + drawn


if __name__ == "__main__":
    entries = [{"text": text, "ids": ngram_ids(text)} for text in texts()]
    path = ROOT / "test" / "fixtures" / "ngrams.json"
    path.write_text("[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n]\n", encoding="utf8")
    print(path.name, len(entries), "texts", path.stat().st_size, "bytes")
