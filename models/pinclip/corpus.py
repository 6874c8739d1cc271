"""Phrases that the small text tower learns from its teacher: no pictures needed, about half a million lines.

    python models/pinclip/corpus.py corpus.txt

* WordNet 3.0 (Debian `wordnet-base`, Princeton's licence): every lemma, gloss and example.
* Product phrases and captions from templates: colours × materials × patterns × things × places × people.
* Words of the sets that may shape weights: labels, names, descriptions, and their sentences one by one.
* Typing as people do it: plurals, numbers, sizes, brands, capitals, swapped and lost letters.
"""

import argparse
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from training.shards import rows

WORDNET = Path("/usr/share/wordnet")
TEMPLATES, TYPOS = 160_000, 12_000

COLOURS = (
    "black white grey gray red blue green yellow orange purple pink brown beige navy burgundy cream khaki olive "
    "turquoise teal maroon gold silver lavender mustard charcoal coral ivory mint rust tan copper bronze lilac violet "
    "magenta crimson scarlet indigo peach"
).split()
SHADES = ("light", "dark", "bright", "pale", "deep", "pastel", "neon", "faded")
MATERIALS = (
    "wooden metal glass plastic leather cotton wool silk denim linen velvet ceramic steel oak pine walnut bamboo rattan "
    "marble concrete brass iron paper wicker suede knitted lace fleece nylon polyester canvas porcelain stone clay "
    "aluminium chrome corduroy tweed fur mesh satin rubber"
).split()
PATTERNS = (
    "striped checked plaid floral polka-dot printed plain spotted patterned embroidered quilted ribbed camouflage "
    "leopard-print paisley tartan tie-dye geometric"
).split()
STYLES = (
    "modern vintage rustic scandinavian industrial minimalist classic bohemian mid-century retro elegant casual formal "
    "sporty antique cosy luxury cheap handmade small large long short round square tall folding slim oversized"
).split()
CLOTHES = (
    "dress,shirt,t-shirt,skirt,jacket,coat,trousers,pants,jeans,shorts,sweater,jumper,hoodie,sweatshirt,cardigan,"
    "blazer,suit,tie,scarf,hat,cap,beanie,gloves,socks,tights,leggings,stockings,shoes,boots,sneakers,trainers,heels,"
    "pumps,sandals,flats,loafers,slippers,flip flops,bag,handbag,purse,wallet,backpack,clutch,belt,watch,sunglasses,"
    "glasses,necklace,bracelet,earrings,ring,blouse,top,tank top,polo shirt,vest,undershirt,bodysuit,romper,jumpsuit,"
    "swimsuit,bikini,bra,underwear,pyjamas,raincoat,parka,tunic,kurta,saree,long sleeve shirt,sports bra,tracksuit,"
    "track pants,waistcoat,evening gown,wedding dress,cape,poncho,perfume,lipstick,nail polish"
).split(",")
HOME = (
    "chair,armchair,sofa,couch,table,coffee table,dining table,desk,bed,lamp,floor lamp,pendant lamp,table lamp,shelf,"
    "bookcase,cabinet,wardrobe,chest of drawers,sideboard,stool,bar stool,bench,rug,carpet,curtain,blind,cushion,pillow,"
    "blanket,duvet cover,towel,mirror,clock,vase,plant,plant pot,pot,frying pan,saucepan,toaster,kettle,coffee maker,"
    "plate,bowl,cup,mug,glass,wine glass,bottle,jar,basket,box,bin,candle,candlestick,picture frame,poster,painting,"
    "knife,fork,spoon,cutting board,tray,refrigerator,oven,microwave,washing machine,sink,bathtub,shower,toilet,"
    "television,speaker,laptop,keyboard,phone,camera,book,toy,teddy bear,high chair,cot,trolley,tv bench,night stand,"
    "mattress,wall shelf,kitchen island,tablecloth,napkin,vacuum cleaner,iron,fan,heater,umbrella"
).split(",")
FOOD = (
    "tomato,apple,banana,orange,lemon,lime,pear,peach,plum,nectarine,grape,strawberry,blueberry,raspberry,cherry,"
    "pineapple,mango,papaya,kiwi,melon,watermelon,cantaloupe,pomegranate,passion fruit,grapefruit,avocado,satsuma,potato,"
    "sweet potato,carrot,onion,garlic,ginger,leek,cabbage,cucumber,zucchini,aubergine,eggplant,bell pepper,mushroom,"
    "asparagus,beetroot,broccoli,cauliflower,spinach,lettuce,celery,pumpkin,corn,beans,peas,milk,soy milk,oat milk,"
    "yoghurt,sour cream,butter,cheese,cream,egg,bread,bun,cake,cookie,pie,pizza,pasta,rice,soup,salad,sandwich,burger,"
    "hot dog,juice,orange juice,apple juice,coffee,tea,beer,wine,water,chocolate,ice cream,honey,jam,fish,meat,chicken,"
    "beef,pork,sausage,ham,shrimp,sushi,noodles"
).split(",")
LIVING = (
    "dog,puppy,cat,kitten,horse,cow,sheep,pig,goat,bird,duck,chicken,fish,elephant,bear,zebra,giraffe,lion,tiger,monkey,"
    "rabbit,mouse,squirrel,frog,snake,turtle,spider,butterfly,bee,tree,flower,rose,grass,tulip,cactus,palm tree"
).split(",")
THINGS = (
    "car,truck,bus,train,airplane,boat,ship,bicycle,motorcycle,skateboard,surfboard,snowboard,skis,ball,football,"
    "basketball,tennis racket,baseball bat,kite,guitar,piano,drum,tent,bridge,building,house,church,castle,tower,road,"
    "traffic light,bench,fence,rock,mountain,waterfall,swing,slide,trampoline,swimming pool,fountain,statue,flag,"
    "dumbbell,yoga mat,water bottle,suitcase,helmet"
).split(",")
PEOPLE = (
    "a man,a woman,a boy,a girl,a child,a baby,a person,two people,two men,two women,two children,two dogs,a group of people,"
    "a crowd,a couple,a family,an old man,a young woman,a little girl,a little boy,a toddler,three men,a model,a player,"
    "a cyclist,a climber,a skier,a surfer,children,people"
).split(",")
PLACES = (
    "in a street,on the beach,in the water,in the snow,in a park,on grass,in a field,in the forest,on a mountain,in the sea,"
    "in a living room,in a kitchen,in a bedroom,in a bathroom,in an office,in a shop,in a restaurant,on a table,on a bed,"
    "on the floor,on a hanger,on a white background,against a wall,in front of a building,at night,in the city,on a road,"
    "in a garden,on a bench,in a pool,in a river,on a shelf,in a supermarket,at a market,on a dirt track,on stage,outdoors,"
    "indoors,in the air,under a tree,near a lake,by a window"
).split(",")
ACTIONS = (
    "running,jumping,walking,standing,sitting,playing,swimming,riding a bicycle,riding a horse,climbing a rock,surfing,"
    "skiing,snowboarding,skateboarding,dancing,eating,drinking,sleeping,smiling,laughing,holding a ball,throwing a ball,"
    "catching a frisbee,kicking a ball,playing football,playing basketball,playing tennis,playing guitar,reading a book,"
    "looking at the camera,posing,talking,fighting,digging,splashing,chasing a dog,sliding,swinging,waiting,working,cooking,"
    "fishing,hiking,holding hands,carrying a bag,wearing a helmet,taking a picture"
).split(",")
ROOMS = ("living room,bedroom,kitchen,bathroom,dining room,children's room,hallway,office,garden,balcony,laundry").split(",")
WHO = ("women's", "men's", "kids", "girls", "boys", "unisex", "baby", "for women", "for men", "ladies")
BRANDS = ("Nike,Adidas,Puma,Reebok,Levi's,Gucci,Zara,Casio,Fossil,Titan,Lee,Wrangler,Alpro,Arla,Valio,Tropicana").split(",")
SHOP = (
    "{}", "buy {}", "cheap {}", "{} for sale", "a photo of {}", "a picture of {}", "{} online", "best {}", "new {}",
    "{} on white background", "a close-up of {}", "{}, product photo", "show me {}", "looking for {}", "an image of {}",
)  # fmt: skip


def wordnet() -> list[str]:
    """Lemmas, and the definition and examples of every gloss."""
    lines = set()
    for part in ("noun", "verb", "adj", "adv"):
        for line in (WORDNET / f"data.{part}").read_text(encoding="latin1").splitlines():
            if line.startswith("  "):
                continue
            fields, _, gloss = line.partition(" | ")
            words = fields.split(" ")
            count = int(words[3], 16)
            for word in words[4 : 4 + 2 * count : 2]:
                lines.add(re.sub(r"\((?:a|p|ip)\)$", "", word).replace("_", " "))
            lines.update(piece.strip(' "') for piece in re.split(r';\s*(?=")|;\s', gloss.strip()))
    return sorted(line for line in lines if line)


def thing(draw: random.Random) -> str:
    """An object with up to three attributes, as somebody would type it."""
    group = draw.choices((CLOTHES, HOME, FOOD, LIVING, THINGS), (7, 6, 3, 2, 2))[0]
    words = [draw.choice(group)]
    if group in (CLOTHES, HOME, THINGS):
        if draw.random() < 0.3:
            words.insert(0, draw.choice(MATERIALS))
        if draw.random() < 0.15:
            words.insert(0, draw.choice(PATTERNS))
    if draw.random() < (0.65 if group is CLOTHES else 0.4):
        words.insert(0, draw.choice(COLOURS))
        if draw.random() < 0.15:
            words.insert(0, draw.choice(SHADES))
    if draw.random() < 0.2:
        words.insert(0, draw.choice(STYLES))
    if group is CLOTHES and draw.random() < 0.15:
        words.insert(0, draw.choice(WHO[:8]))
    return " ".join(words)


def article(phrase: str) -> str:
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


def template(draw: random.Random) -> str:
    """A query, a product's name, or a caption."""
    kind = draw.random()
    if kind < 0.35:
        return thing(draw)
    if kind < 0.5:
        return draw.choice(SHOP).format(thing(draw))
    if kind < 0.75:
        who, parts = draw.choice(PEOPLE), []
        if draw.random() < 0.6:
            parts.append(draw.choice(ACTIONS))
        if draw.random() < 0.5:
            wear = " and ".join(article(f"{draw.choice(COLOURS)} {draw.choice(CLOTHES)}") for _ in range(draw.choice((1, 1, 2))))
            parts.append(draw.choice(("wearing ", "in ", "with ", "dressed in ")) + wear)
        if draw.random() < 0.7 or not parts:
            parts.append(draw.choice(PLACES))
        return f"{who} {' '.join(parts)}"
    if kind < 0.85:
        return f"{article(thing(draw))} {draw.choice(PLACES)}"
    if kind < 0.9:
        return f"{draw.choice(STYLES)} {draw.choice(ROOMS)} with {article(thing(draw))} and {article(thing(draw))}"
    if kind < 0.95:
        return f"{draw.choice(BRANDS)} {draw.choice(WHO)} {thing(draw)} {draw.choice(('', str(draw.randint(1, 60)), 'XL', '80 cm', '1 l'))}"
    return f"{thing(draw)}, {thing(draw)}, {thing(draw)}"


def set_texts() -> list[str]:
    """Labels, names and descriptions of the sets that may shape weights, whole and sentence by sentence."""
    lines = set()
    for name in ("clothing", "clothing-co-parsing", "home-objects", "grocery", "magento"):
        for row in rows(name):
            for key in ("label", "text", "name", "coarse", "categories"):
                value = (row.get(key) or "").replace("-", " " if key in ("label", "coarse") else "-").strip()
                lines.add(value)
                lines.update(piece.strip() for piece in re.split(r"[.!?•;/]\s*", value))
    return sorted(line for line in lines if line)


def mistyped(line: str, draw: random.Random) -> str:
    """Plural, capitals, or a letter lost, doubled or swapped."""
    kind, place = draw.randrange(5), draw.randrange(max(1, len(line) - 1))
    return (
        line + "s",
        line.upper(),
        line[:place] + line[place + 1 :],
        line[:place] + line[place : place + 1] + line[place:],
        line[:place] + line[place : place + 2][::-1] + line[place + 2 :],
    )[kind]


def corpus(seed: int = 0) -> list[str]:
    """All phrases, each once, in a seeded order."""
    draw = random.Random(seed)
    lines = dict.fromkeys([*wordnet(), *set_texts(), *(template(draw) for _ in range(TEMPLATES))])
    lines |= dict.fromkeys(group for list_ in (COLOURS, MATERIALS, PATTERNS, STYLES, CLOTHES, HOME, FOOD, LIVING, THINGS, ROOMS) for group in list_)
    lines |= dict.fromkeys(mistyped(line, draw) for line in draw.sample(sorted(lines), TYPOS))
    result = [line for line in lines if line]
    draw.shuffle(result)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    lines = corpus()
    file.write_text("\n".join(lines) + "\n", encoding="utf8")
    print(f"{len(lines)} phrases, {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
