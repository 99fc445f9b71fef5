"""Languages of headlines and texts, with hints and without."""

from __future__ import annotations

import pytest

from pipeline.parse import detect_language

HEADLINES = [
    ("ja", "オープンAI、アマゾンと100億ドルの出資協議"),
    ("ja", "日本政府、米国債売却を検討"),
    ("ja", "孫正義氏、米国投資拡大"),
    ("ja", "OpenAIがAWSと契約、380億ドル"),
    ("zh", "阿里三年豪掷逾3800亿元建云"),
    ("zh", "台積電赴美設廠 投資650億美元"),
    ("zh", "微软、OpenAI与甲骨文签约"),
    ("zh", "OpenAI與AMD簽署供應協議"),
    ("ko", "오픈AI, 아마존과 100억달러 투자 협의"),
    ("ko", "삼성전자 HBM4 엔비디아 공급"),
    ("de", "Microsoft kauft OpenAI-Anteile"),
    ("de", "Nvidia steigt bei Intel ein"),
    ("fr", "Mistral AI lève 1,7 milliard d’euros auprès d’ASML"),
    ("fr", "OpenAI signe avec AMD"),
    ("en", "Amazon in talks to invest $10bn in OpenAI"),
    ("en", "Nvidia, OpenAI ink $100B deal"),
    ("es", "Amazon negocia invertir en OpenAI"),
    ("es", "Telefónica compra la gigafactoría"),
    ("pt", "Amazon negocia investimento na OpenAI"),
    ("pt", "Nvidia investe US$ 5 bilhões na Intel"),
    ("it", "Nvidia investe 5 miliardi di dollari in Intel"),
    ("nl", "Nvidia steekt 5 miljard dollar in Intel"),
    ("ru", "Nvidia инвестирует 5 млрд долларов в Intel"),
    ("uk", "Nvidia інвестує 5 млрд доларів в Intel"),
    ("bg", "Nvidia ще инвестира 5 млрд. долара в Intel"),
    ("sv", "Nvidia investerar 5 miljarder dollar i Intel"),
    ("da", "Nvidia investerer 5 milliarder dollar i Intel og køber aktier"),
    ("no", "Nvidia kjøper Intel-aksjer for 5 milliarder dollar"),
    ("fi", "Nvidia sijoittaa Inteliin viisi miljardia dollaria"),
    ("pl", "Nvidia zainwestuje 5 miliardów dolarów w Intela"),
    ("cs", "Nvidia investuje do Intelu pět miliard dolarů"),
    ("hu", "Az Nvidia 5 milliárd dollárt fektet az Intelbe"),
    ("ro", "Nvidia va investi 5 miliarde de dolari în Intel"),
    ("tr", "Nvidia, Intel’e 5 milyar dolar yatırım yapacak"),
    ("vi", "Nvidia đầu tư 5 tỷ USD vào Intel"),
    ("id", "Nvidia akan investasi 5 miliar dolar di Intel"),
    ("el", "Η Nvidia επενδύει 5 δισ. δολάρια στην Intel"),
    ("he", "אנבידיה תשקיע 5 מיליארד דולר באינטל"),
    ("ar", "إنفيديا تستثمر خمسة مليارات دولار في إنتل"),
    ("fa", "انویدیا پنج میلیارد دلار در اینتل سرمایه‌گذاری می‌کند"),
    ("th", "เอ็นวิเดียลงทุน 5 พันล้านดอลลาร์ในอินเทล"),
    ("hi", "एनवीडिया इंटेल में 5 अरब डॉलर का निवेश करेगी"),
]
# Headlines that tell nothing by themselves: brands only, or ideographs that two languages share.
HINTED = [
    ("ja", "米半導体大手、決算発表"),
    ("zh", "英伟达"),
    ("ja", "日産、中国工場売却"),
    ("zh", "日本央行加息"),
    ("en", "OpenAI Amazon AWS Trainium"),
    ("pt", "TikTok confirma data center no Ceará"),
    ("nl", "ASML neemt belang in Mistral AI"),
    ("fr", "Nvidia investit dans Poolside"),
    ("de", "Intel beerdigt Chipfabrik"),
]


@pytest.mark.parametrize(("lang", "text"), HEADLINES)
def test_headline(lang: str, text: str) -> None:
    guess = detect_language(text)
    assert guess.lang == lang, guess
    assert detect_language(text, [lang]).lang == lang


@pytest.mark.parametrize(("lang", "text"), HINTED)
def test_hint_decides_what_the_text_leaves_open(lang: str, text: str) -> None:
    assert detect_language(text, [f"{lang}-XX"]).lang == lang


def test_hint_does_not_outweigh_the_text() -> None:
    german = (
        "Die Telekom und Nvidia bauen in München ein Rechenzentrum für die Industrie, das im Januar in Betrieb geht. "
    )
    assert detect_language(german * 3, ["en"]).lang == "de"
    assert detect_language("アマゾンが出資する。", ["zh", "en"]).lang == "ja"
    assert detect_language("오픈AI 투자", ["en"]).lang == "ko"


def test_the_same_answer_each_time() -> None:
    text = "Nvidia OpenAI CoreWeave Oracle Stargate"
    assert len({detect_language(text) for _ in range(20)}) == 1


def test_nothing_to_go_by() -> None:
    assert detect_language("").lang == "und"
    assert detect_language("12:30 – 45 %").confidence == 0
    assert detect_language("12:30", ["ko"]).lang == "ko"
