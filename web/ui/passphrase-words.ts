/** 1024 plain words that are easy to tell apart. Each adds ten bits. */
export const passphraseWords: readonly string[] = `
  acorn actor album alley almond amber anchor angle ankle antler apple apricot april apron arcade arch arena armor
  arrow artist ash aspen aster atlas attic august aunt autumn avenue awning axle azure bacon badge bagel baker
  balcony ball ballet bamboo banana banjo banner barge bark barley barn barrel basil basin basket bay beach beacon
  bead beam bean bear beaver bed beech beetle bell belt bench berry bicycle birch bird biscuit bison blanket blazer
  blossom blouse blue board boat bobbin bolt bonnet book boot bottle boulder bow bowl box bracket braid branch brass
  bread breeze brick bridge brook broom brother brown brush bubble bucket buckle bud buffalo bugle bulb bundle bunny
  burrow bus bush butter button cabbage cabin cable cactus cake calf camel camera camp canal canary candle candy cane
  canoe canopy canvas canyon cape captain car caramel caravan card carpet carrot cart carve cashew castle cat cavern
  cedar celery cello cement chain chair chalk chapel chapter charm chart cheese cherry chess chest chestnut chief
  chimney chin chorus cider circle circus citrus city clam clay cliff cloak clock cloth cloud clover coach coal coast
  coat cobalt cobweb cocoa coconut coffee coin collar comb comet compass cone cookie copper coral cord cork corn
  corner cottage cotton couch cougar council country cousin cove cow coyote crab cradle craft crane crater crayon
  cream creek crescent cricket crimson crow crown crumb crystal cube cuckoo cup curl current curtain curve cushion
  cycle cymbal cypress dahlia dairy daisy dance dancer dawn daylight deck deer delta denim desert desk dew dial
  diamond diary dill dinner disc dish dock doctor dog doll dolphin domino donkey donut door dough dove dragon drawer
  dream dress drift drum duck dune dusk dust eagle earth easel east echo eclipse edge egg elbow elder elk elm ember
  emerald engine envelope evening fabric fair falcon family fan farm farmer feather felt fence fender fennel fern
  ferry fiddle field fig finch finger fir fire fish flag flame flannel flax fleece flint flock floor flower flute
  foam fog folder forest fork fort fossil fountain fox frame freckle friend frog frost fruit fudge funnel furrow
  galaxy gallery garden garlic garnet gate gazelle gecko gem geyser giant ginger giraffe glacier glass globe glove
  glue goat goblet gold golf goose gopher gorge gown grain granite grape graph grass gravel gravy green grove guitar
  gull hail hair hall hammer hammock hamster hand handle harbor harp harvest hat hawk hay hazel hearth heather hedge
  heel helmet herb herd heron hickory hill hinge hippo hive hobby hockey hollow holly honey hood hoof hook hoop horn
  hornet horse hotel house hummus ice icicle igloo indigo inlet insect iris iron island ivory ivy jacket jade jaguar
  jar jasmine jay jeans jelly jersey jewel jigsaw journal judge juice july june jungle juniper jury kale kayak kelp
  kennel kernel kettle key kiln kitchen kite kitten kiwi knee knight knob knot koala label lace ladder lady lagoon
  lake lamb lamp lantern lapel larch lark laser lasso latch lava lawn layer leaf leather leek lemon lens lentil
  leopard letter lettuce level library lichen light lilac lily lime linen lion lizard llama loaf lobby lobster locket
  loom lotus lumber lunch lute lynx lyric magnet magpie mango manor mantle maple marble march mare margin marina
  market marsh mask mast match meadow medal melody melon mermaid metal meteor milk mill mineral minnow mint mirror
  mist mitten mole moment monkey month moon moose mosaic moss moth mother motor mound mountain mouse mouth movie
  muffin mule mural museum music mustard nail napkin narwhal navy neck nectar needle nephew nest nettle nickel niece
  noodle noon north nose notebook novel number nurse nutmeg oak oasis oboe ocean ocelot office olive onion opal opera
  orange orbit orchard orchid organ osprey ostrich otter oval oven owl oyster paddle page pail paint palace palm
  pancake panda panel pansy panther papaya paper parade parcel park parrot parsley pasta paste pastry patch path
  patio pavement pea peach peacock peak peanut pear pearl pebble pecan pedal pelican pencil penguin penny peony
  pepper perch petal piano piccolo pickle picnic picture pier pigeon pillow pilot pine pink pirate pitcher pizza
  plain planet plank plant plate plaza plum plume pocket poem poet polar pole pollen pond pony poplar poppy porch
  port postcard potato potter prairie prism puddle puffin pulley pump pumpkin puppet puppy purple puzzle quail quarry
  quartz queen quill quilt quince rabbit raccoon radar radio radish raft rail rain rainbow raisin ramp ranch raven
  recipe red reed reef ribbon rice ridge ring ripple river road robe robin robot rock rocket roof room root rope rose
  ruby rudder ruler saddle saffron sage sail salad salmon salt sand sandal sapling satchel satin sauce saucer scale
  scarf scarlet school science scooter screen screw scroll sea seagull seal season seat seaweed seed sequoia sesame
  shadow shawl shed sheep shelf shell shelter shield ship shirt shoe shore shovel shrimp shrub sidewalk silk silver
  singer sister skate sketch ski skirt sky sled sleet sleeve slipper slope snail snow soap sock sofa soil solar song
  soup south spade spark sparrow spice spider spinach spiral sponge spool spoon spring spruce square squash squid
  stable stadium stage stamp star station statue steam stem steppe stone stool stork storm stove strand straw stream
  street string stripe studio sugar suit summer summit sun sundial sunrise sunset surf swallow swamp swan sweater
  swing sycamore symbol syrup table tablet tadpole tailor tambour tangent tango tank tapir target tart tassel tea
  teacher team teapot temple tennis tent terrace theater thicket thimble thistle thread throne thumb thunder thyme
  ticket tide tiger tile timber toast toffee tomato tongue tool topaz torch tortoise toucan towel tower town toy
  track tractor trail train tray treaty tree trellis trick trolley trophy trout truck trumpet trunk tuba tulip tuna
  tundra tunic tunnel turkey turnip turtle tuxedo twig twilight umbrella uncle unicorn uniform valley vanilla vase
  vault velvet verse vessel vest village vine vinegar violet violin visitor voice volcano voyage wafer wagon waist
  waiter walnut walrus waltz wand warbler water wave weasel weather weaver wedge whale wharf wheat wheel whisker
  whistle willow wind window wing winter wire wizard wolf wombat wood wool wren wrist writer yacht yard yarn year
  yellow yogurt yolk zebra zenith zinc zipper zodiac zone zoo
`
  .trim()
  .split(/\s+/);
