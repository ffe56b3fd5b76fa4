/**
 * The texts of the demo world: small grammars, written for it. `{slot}` is replaced by one of that slot's phrases, out
 * of the community's own slots or the common ones; one slot has one meaning within a text.
 */
export interface Community {
  /** The name of its first room. */
  room: string;
  slots: Record<string, string[]>;
  posts: string[];
  /** For posts with a picture. */
  picturePosts: string[];
  questions: Question[];
  bios: string[];
}

/** A conversation: one asks, others answer, the one asks back and thanks. */
export interface Question {
  ask: string;
  answers: string[];
  followUp: string;
  thanks: string;
}

export const common: Record<string, string[]> = {
  when: [
    'this morning',
    'last night',
    'on Saturday',
    'after work',
    'over the weekend',
    'yesterday',
    'before breakfast',
  ],
  long: ['an hour', 'most of the afternoon', 'two evenings', 'far too long', 'twenty minutes', 'a whole Sunday'],
  friend: [
    'my neighbour',
    'my sister',
    'a colleague',
    'my father',
    'an old friend',
    'the lady next door',
    'my flatmate',
  ],
  verdict: [
    'Worth every minute.',
    'No regrets.',
    'Would do it again.',
    'Never again. Well, maybe.',
    'Small joys.',
    'I needed that.',
  ],
};

export const everyday: string[] = [
  'The bus was on time {when}. I do not know what to do with this information.',
  'Somebody left a box of books on the stairs with a note: "take two". I took three. {verdict}',
  'Reminder to myself: water first, coffee second.',
  'Switched my phone off for {long}. Nothing happened. {verdict}',
  'The market had figs {when}, so that was dinner.',
  'Met {friend} by chance {when} and we talked for {long}.',
  'The heating is back on and so am I.',
  'Anyone else keep a list of things to tell {friend}? Mine is getting long.',
  'A fox looked at me {when} as if I was the one out too late.',
  'First day with the window open. {verdict}',
];

export const replies: string[] = [
  'This made my day.',
  'Same here, and I thought I was the only one.',
  'How long did that take you?',
  'I tried this once and gave up after ten minutes. Respect.',
  'Please post more of these.',
  'Wonderful. Where was that?',
  'You have convinced me, I am going to try it.',
  'My grandmother used to say exactly that.',
  'Ha! I can see it before me.',
  'Careful, that is how it starts.',
  'I needed to read this today, thank you.',
  'Not sure I agree, but I enjoyed reading it.',
  'Save some for me!',
  'Is there a trick to it?',
  'That is the spirit.',
  'It took me years to work that out.',
  'Next time call me, I will bring cake.',
  'Good to hear it went well in the end.',
];

export const communities: Community[] = [
  {
    room: 'Allotment talk',
    slots: {
      plant: ['tomatoes', 'runner beans', 'courgettes', 'sweet peas', 'rhubarb', 'garlic', 'dahlias', 'chillies'],
      pest: ['slugs', 'pigeons', 'aphids', 'the neighbour’s cat', 'cabbage whites', 'a very determined mole'],
      cure: ['coffee grounds', 'a net and some patience', 'beer traps', 'copper tape', 'planting more than you need'],
    },
    posts: [
      'The {plant} are finally up. I check them every hour as if that helped.',
      'Lost half of the {plant} to {pest} {when}. The other half looks smug.',
      'If you only grow one thing, grow {plant}. {verdict}',
      'Spent {long} weeding and found the label that says what I planted there: {plant}.',
      'Swapped a bag of {plant} for jam with {friend}. Best exchange rate in town.',
      'It turns out that {cure} really does work against {pest}.',
    ],
    picturePosts: ['The view from the plot {when}.', 'Came for the {plant}, stayed for this light.'],
    questions: [
      {
        ask: 'Does anyone know what to do about {pest} on {plant}?',
        answers: [
          'I swear by {cure}.',
          'Do it early in the season, later it is a lost fight.',
          'Honestly? Share with them.',
        ],
        followUp: 'How much of it do I need for one bed?',
        thanks: 'Thanks, I will try {cure} tonight and report back.',
      },
      {
        ask: 'Is it too late to sow {plant}?',
        answers: [
          'Not if you start them inside.',
          'I did it a week later last year and it was fine.',
          'The packet says yes, my garden says no.',
        ],
        followUp: 'On a north-facing windowsill as well?',
        thanks: 'Right, sowing {plant} it is. Thank you all!',
      },
    ],
    bios: ['Grows {plant} and excuses.', 'Plot 14. Enemy of {pest}.', 'Mud, mostly.'],
  },
  {
    room: 'Sunday riders',
    slots: {
      road: ['the old railway path', 'the ridge road', 'the canal', 'the long way round the lake', 'the back lanes'],
      part: ['chain', 'rear wheel', 'front brake', 'saddle', 'bottom bracket', 'derailleur'],
      weather: ['headwind', 'drizzle', 'sleet', 'blazing sun', 'fog so thick I rang my bell at a cow'],
      snack: ['cheese roll', 'banana', 'slice of carrot cake', 'flask of tea'],
    },
    posts: [
      'Rode {road} {when}: {weather} all the way. {verdict}',
      'New {part} fitted. It took {long} and all my vocabulary.',
      'The best part of any ride is still the {snack}.',
      'Someone overtook me on {road} with a cello on their back.',
      'Hot take: {road} is better in {weather}.',
      '{friend} asked why I need a second bike. I asked why they need a second chair.',
    ],
    picturePosts: ['Top of the climb {when}. {verdict}', 'This is what {road} looks like when nobody else is up.'],
    questions: [
      {
        ask: 'My {part} makes a clicking noise, but only uphill. Any ideas?',
        answers: [
          'Grease the seat post. It is always the seat post.',
          'Check that the {part} is tight, then check everything next to it.',
          'Does it stop when you stand up?',
        ],
        followUp: 'It does stop when I stand up, now that you ask!',
        thanks: 'It was the seat post. You are wizards.',
      },
      {
        ask: 'Who is in for {road} on Sunday?',
        answers: ['Me, if we start after eight.', 'In, weather or not.', 'Can I join on a heavy bike?'],
        followUp: 'Where do we stop for a {snack}?',
        thanks: 'Great, see you all at the bridge.',
      },
    ],
    bios: ['Slow uphill, careful downhill.', 'Will ride for a {snack}.', 'Usually on {road}.'],
  },
  {
    room: 'What is for dinner',
    slots: {
      dish: [
        'dumplings',
        'mushroom risotto',
        'sourdough',
        'lentil soup',
        'a very tall omelette',
        'paella',
        'apple strudel',
      ],
      spice: ['smoked paprika', 'cardamom', 'too much garlic', 'lemon zest', 'a spoon of miso', 'nutmeg'],
      tool: ['cast-iron pan', 'blunt knife', 'borrowed pasta machine', 'kitchen scale', 'pressure cooker'],
    },
    posts: [
      'Made {dish} {when}. The secret is {spice}.',
      'I have been told my {dish} is "interesting". I am choosing to be flattered.',
      'Every recipe lies about how long onions take.',
      'Got a {tool} from {friend} and now I cook {dish} every day.',
      'Cooking for one is an art. Cooking {dish} for one is a week of leftovers.',
      'Do not skip {spice}. I skipped it once.',
    ],
    picturePosts: ['The table is set, the view is free.', 'Supper outside {when}, {dish} not pictured because gone.'],
    questions: [
      {
        ask: 'My {dish} always falls apart. What am I doing wrong?',
        answers: [
          'Let it rest. Longer than you think.',
          'Less heat, more time.',
          'Are you using the {tool}? That could be it.',
        ],
        followUp: 'How long is "longer than you think"?',
        thanks: 'It held together! Thank you, there is a plate for each of you.',
      },
      {
        ask: 'What goes with {dish} for six people, one of whom eats nothing green?',
        answers: ['Roast carrots with {spice}.', 'Bread. Bread goes with everything.', 'A second helping of {dish}.'],
        followUp: 'Can I make that the day before?',
        thanks: 'Perfect, shopping list is done.',
      },
    ],
    bios: ['Here for the {dish}.', 'Adds {spice} to everything.', 'Owner of one good {tool}.'],
  },
  {
    room: 'Clear skies',
    slots: {
      sight: [
        'Saturn',
        'the Orion Nebula',
        'Jupiter and three of its moons',
        'the Pleiades',
        'a satellite train',
        'the Andromeda galaxy',
      ],
      place: ['the roof', 'a field behind the station', 'the balcony', 'the dark end of the car park', 'the dunes'],
      gear: ['10x50 binoculars', 'a second-hand Dobsonian', 'my phone on a tripod', 'nothing but my eyes'],
    },
    posts: [
      'Saw {sight} from {place} {when} with {gear}. {verdict}',
      'Clouds. Clouds again. The forecast promised {sight}.',
      'Showed {friend} {sight} and there was a long silence. That is why I do this.',
      'You need less than you think: {gear} is enough for {sight}.',
      'My hands were frozen after {long} at {place}, but look up tonight!',
      'Light from {sight} left before there were bicycles. Think about it.',
    ],
    picturePosts: [
      '{sight}? No, but the sky over {place} was good {when}.',
      'Waited {long} for the dark, and then this.',
    ],
    questions: [
      {
        ask: 'Can I see {sight} with {gear}?',
        answers: [
          'Yes, from {place} at least.',
          'Let your eyes adapt for half an hour first.',
          'You can, but do not expect colours.',
        ],
        followUp: 'What time is best this week?',
        thanks: 'Found it! I may have shouted. Thanks, everyone.',
      },
      {
        ask: 'Anyone at {place} tonight?',
        answers: ['If it stays clear, yes.', 'I will bring tea and {gear}.', 'Too tired, but send pictures.'],
        followUp: 'Shall we say ten?',
        thanks: 'Ten it is. Red lamps only, please!',
      },
    ],
    bios: ['Looking up.', 'Chasing {sight} with {gear}.', 'Weather apps: five. Clear nights: one.'],
  },
  {
    room: 'Shed and workshop',
    slots: {
      wood: ['oak', 'reclaimed pine', 'walnut', 'birch ply', 'ash', 'an old floorboard'],
      thing: ['stool', 'bookshelf', 'spoon', 'bird box', 'workbench', 'picture frame'],
      fix: ['sandpaper and denial', 'a sharper chisel', 'wood glue', 'measuring a third time', 'a bigger clamp'],
    },
    posts: [
      'Finished the {thing} {when}. It wobbles, but so do I.',
      'Rescued some {wood} from a skip. {friend} sighed. {verdict}',
      'Spent {long} sharpening and ten minutes cutting. As it should be.',
      'Most mistakes can be solved with {fix}.',
      'A {thing} in {wood} is never just a {thing}.',
      'There is no such thing as enough clamps.',
    ],
    picturePosts: ['Grain pattern on the new {thing}.', 'Went to look for {wood}, found this instead.'],
    questions: [
      {
        ask: 'Which finish for a {thing} in {wood} that children will use?',
        answers: [
          'Hard wax oil, two thin coats.',
          'Soap finish, and make your peace with stains.',
          'Whatever you choose, test it on an offcut.',
        ],
        followUp: 'How long until it is dry enough to use?',
        thanks: 'Oil it is. Thank you!',
      },
      {
        ask: 'My joints on the {thing} have gaps. Start over or fill?',
        answers: [
          'Fill with dust and glue, nobody will see it.',
          'Start over, you will see it every day.',
          'The answer is {fix}.',
        ],
        followUp: 'Would {fix} hold on {wood}?',
        thanks: 'Filled. I will only look at it from the left.',
      },
    ],
    bios: ['Makes a {thing} now and then.', 'Mostly sawdust.', 'In favour of {wood}.'],
  },
  {
    room: 'Book corner',
    slots: {
      book: [
        'a detective story without a detective',
        'eight hundred pages about whales',
        'a memoir by a lighthouse keeper',
        'a slim book of letters',
        'the second part of a trilogy I never started',
        'a field guide to mosses',
      ],
      spot: ['on the train', 'in the bath', 'under the desk lamp', 'in a queue', 'on the stairs'],
      habit: [
        'reading the last page first',
        'writing in margins',
        'buying books faster than I read them',
        'lending books',
      ],
    },
    posts: [
      'Finished {book} {spot}. {verdict}',
      'I am against {habit}, and I did it again {when}.',
      '{friend} gave me {book}. We will see if we stay friends.',
      'Read for {long} {spot} and missed my stop.',
      'Unpopular opinion: {book} should be shorter.',
      'The library had {book}. Nobody has borrowed it since 1994.',
    ],
    picturePosts: ['Cover of the day, or it should be.', 'Reading weather {when}.'],
    questions: [
      {
        ask: 'What should I read after {book}?',
        answers: ['Something with fewer pages.', 'Try {book}, but slowly.', 'A cookbook. I am serious.'],
        followUp: 'Is it sad? I cannot do sad this month.',
        thanks: 'Ordered at the library. Thanks!',
      },
      {
        ask: 'Does anybody else have strong feelings about {habit}?',
        answers: ['For. Completely for.', 'It is a crime, and I am a criminal.', 'Depends on the book.'],
        followUp: 'And what about dog-ears?',
        thanks: 'I knew I could count on this room.',
      },
    ],
    bios: ['Currently reading {book}.', 'Guilty of {habit}.', 'Reads {spot}.'],
  },
  {
    room: 'Tide and trail',
    slots: {
      trail: ['the coast path', 'the gorge', 'the three lakes round', 'the old pilgrim way', 'the dunes at low tide'],
      animal: ['a heron', 'two seals', 'an otter', 'a buzzard', 'a very calm toad', 'hundreds of starlings'],
      kit: ['dry socks', 'a proper map', 'a flask', 'the good boots', 'a sit mat'],
    },
    posts: [
      'Walked {trail} {when} and met {animal}. {verdict}',
      'Never leave without {kit}. I left without {kit}.',
      'Got lost on {trail} for {long}. Found {animal}, so who is lost?',
      '{friend} thinks {trail} is flat. {friend} is wrong.',
      'Rain on {trail}, sun at the end, soup after.',
      'Saw {animal} {when}. We both pretended not to be surprised.',
    ],
    picturePosts: ['{trail}, {when}.', 'Halfway along {trail}. {verdict}', 'No filter, just fog.'],
    questions: [
      {
        ask: 'Is {trail} fine with a seven-year-old?',
        answers: ['Yes, with enough biscuits.', 'The first half, then take the bus.', 'Bring {kit} and you are fine.'],
        followUp: 'Where does that bus leave?',
        thanks: 'Lovely, we will try it on Saturday.',
      },
      {
        ask: 'Where is the best chance to see {animal}?',
        answers: [
          'Early, on {trail}.',
          'Where you least expect it and have no camera.',
          'Sit still for an hour. Really still.',
        ],
        followUp: 'Even at this time of the year?',
        thanks: 'Saw {animal} on the first try! Thank you.',
      },
    ],
    bios: ['Somewhere on {trail}.', 'Always carries {kit}.', 'Once met {animal}.'],
  },
  {
    room: 'Kitchen-table band',
    slots: {
      instrument: ['ukulele', 'accordion', 'upright bass', 'old synthesiser', 'clarinet', 'borrowed drum kit'],
      tune: [
        'a waltz',
        'the same four chords',
        'a sea shanty',
        'something in 7/8',
        'a lullaby',
        'the theme of a game from 1992',
      ],
      sound: ['like a friendly goose', 'almost in tune', 'better with the window shut', 'like rain on a tent'],
    },
    posts: [
      'Practised {tune} on the {instrument} for {long}. It sounds {sound}.',
      'The neighbours now whistle {tune}. I take it as applause.',
      '{friend} sold me a {instrument}. {verdict}',
      'A metronome is a machine for finding out that you are wrong.',
      'Played {tune} {when} with five people who had never met. It sounded {sound}.',
      'Changing strings before a concert: bold.',
    ],
    picturePosts: ['The stage, before anybody came.', 'This is what {tune} looks like, I think.'],
    questions: [
      {
        ask: 'How do I get my {instrument} to stop sounding {sound}?',
        answers: [
          'New strings, or the equivalent of them.',
          'Play softer. No, softer.',
          'I would pay to sound {sound}.',
        ],
        followUp: 'Is it worth taking it to a shop?',
        thanks: 'Softer was the answer. Thank you.',
      },
      {
        ask: 'Who can bring a {instrument} on Thursday?',
        answers: [
          'I can, if someone has a car.',
          'Mine is at the repair shop, I will clap.',
          'Yes! What are we playing?',
        ],
        followUp: 'Shall we start with {tune}?',
        thanks: 'Thursday, {tune}, bring snacks.',
      },
    ],
    bios: ['Plays the {instrument}, sounds {sound}.', 'Knows {tune}.', 'One day I will own a tuner.'],
  },
];

/** What people ask anywhere. */
export const smallTalk: Question[] = [
  {
    ask: 'How was everybody’s week?',
    answers: [
      'Long. But I met {friend} {when}, so good in the end.',
      'Quiet, which is how I like it.',
      'Ask me on Sunday.',
    ],
    followUp: 'Anything planned for the weekend?',
    thanks: 'Sounds good. Enjoy it, you have earned it.',
  },
  {
    ask: 'I have {long} free on Saturday. What should I do with it?',
    answers: ['Nothing at all. It is underrated.', 'Call {friend}.', 'Come along with us, we leave at nine.'],
    followUp: 'Do I have to bring anything?',
    thanks: 'Count me in, then. See you on Saturday.',
  },
  {
    ask: 'Did anyone find a blue scarf {when}?',
    answers: ['There is one on the hook by the door.', 'Blue with stripes?', 'No, but I found a glove, if that helps.'],
    followUp: 'Could you keep it for me until Thursday?',
    thanks: 'You are a treasure. Cake is on me.',
  },
  {
    ask: 'Can somebody lend me a ladder for {long}?',
    answers: [
      'Mine is yours, if you can carry it.',
      'What for? I may have something better.',
      '{friend} has one, I will ask.',
    ],
    followUp: 'Is it long enough for a first floor?',
    thanks: 'Perfect. I will bring it back with biscuits.',
  },
];

/** Rooms beside those of the communities, for people of all of them. */
export const openRooms = ['Town square', 'Newcomers', 'Photo walk', 'Late shift'];
