"""English word classes for term extraction, as data.

`FUNCTION` and `ACADEMIC` words split a sentence into candidate runs. `SOFT` words may open a term
("data augmentation", "large language model") but never close one. `WEAK_HEADS` and `STRONG_HEADS` are a
mild prior about last words, blended with what the corpus itself teaches (see `heads.py`).
"""

from __future__ import annotations

FUNCTION = frozenset(
    """
a an the this that these those such some any each every either neither both all no none not nor only own same
other others another more most much many few fewer less least several various enough lot lots half
i me my mine we us our ours ourselves you your yours he him his she her hers it its itself they them their theirs
themselves one ones oneself who whom whose which what whatever whichever when whenever where wherever why how however
and or but so yet if unless whether because since although though while whereas as than until till once
of in on at by for with from to into onto upon about above across after against along amid among amongst around before
behind below beneath beside besides between beyond despite down during except inside like near off out outside over
past per regarding concerning round through throughout toward towards under underneath unlike up versus vs via within
without according due owing
is am are was were be been being do does did doing done have has had having can could may might must shall should will
would ought cannot can't don't doesn't didn't isn't aren't wasn't weren't it's we've there's let let's
here there then thus hence therefore thereby therein thereof thereto whereby wherein herein hereby thereafter
moreover furthermore nevertheless nonetheless meanwhile otherwise instead also too very quite rather really just even
still already always never ever often sometimes usually again almost nearly away back together apart
first second third fourth fifth last next former latter previous following one two three four five six seven eight
nine ten eleven twelve hundred thousand million billion once twice firstly secondly thirdly finally lastly
yes ok e.g i.e etc et al cf viz eg ie
""".split()
)

ACADEMIC = frozenset(
    """
paper papers article articles work works study studies research researcher researchers author authors
literature section sections chapter figure table appendix abstract introduction conclusion conclusions discussion
propose proposes proposed proposing proposal present presents presented presenting presentation introduce introduces
introduced introducing describe describes described describing description show shows showed shown showing
demonstrate demonstrates demonstrated demonstrating report reports reported reporting discuss discusses discussed
investigate investigates investigated investigating examine examines examined examining explore explores explored
exploring analyze analyzes analyzed analyzing analyse analyses analysed analysing study studied studying address
addresses addressed addressing tackle tackles tackled tackling consider considers considered considering aim aims
aimed aiming seek seeks sought focus focuses focused focusing attempt attempts attempted attempting try tries tried
argue argues argued arguing suggest suggests suggested suggesting find finds found finding findings observe observes
observed observing observation observations conclude concludes concluded hypothesize hypothesis hypotheses
use uses used using utilize utilizes utilized utilizing usage employ employs employed employing apply applies applied
applying leverage leverages leveraged leveraging exploit exploits exploited exploiting adopt adopts adopted adopting
make makes made making give gives given giving take takes took taken taking get gets got getting provide provides
provided providing offer offers offered offering allow allows allowed allowing enable enables enabled enabling
help helps helped helping need needs needed needing require requires required requiring requirement requirements
lead leads led leading yield yields yielded yielding obtain obtains obtained obtaining achieve achieves achieved
achieving achievement gain gains gained gaining reach reaches reached reaching produce produces produced producing
improve improves improved improving improvement improvements enhance enhances enhanced enhancing increase increases
increased increasing reduce reduces reduced reducing decrease decreases decreased decreasing outperform outperforms
outperformed outperforming exceed exceeds surpass surpasses surpassing boost boosts perform performs performed
performing compare compares compared comparing comparison comparisons evaluate evaluates evaluated evaluating
validate validates validated validating verify verifies verified verifying test tests tested assess assesses assessed
assessing measure measures measured measuring experiment experiments experimental experimentally empirical empirically
result results resulting outcome outcomes effect effects affect affects impact impacts influence influences
contain contains contained containing include includes included including consist consists consisting comprise
comprises comprised comprising involve involves involved involving relate relates related relating combine combines
combined combining integrate integrates integrated integrating incorporate incorporates incorporated incorporating
base bases based depend depends depending dependent develop develops developed developing design designs designed
designing build builds built building construct constructs constructed constructing create creates created creating
implement implements implemented implementing extend extends extended extending define defines defined defining
determine determines determined determining identify identifies identified identifying select selects selected
selecting choose chooses chosen choosing detect detects estimate estimates estimated predict predicts learn learns
capture captures captured capturing represent represents represented representing encode encodes handle handles
handled handling deal deals dealing solve solves solved solving overcome overcomes overcoming mitigate mitigates
facilitate facilitates facilitated facilitating ensure ensures ensuring avoid avoids avoiding prevent prevents
preventing cause causes caused causing keep keeps kept keeping become becomes became becoming remain remains
remained remaining exist exists existed existing know knows known knowing understand see sees seen seeing look looks
seem seems seemed appear appears appeared appearing tend tends call calls called name named refer refers referred
referring denote denotes denoted specify specifies specified indicate indicates indicated indicating reveal reveals
revealed revealing confirm confirms confirmed illustrate illustrates illustrated highlight highlights highlighted
summarize summarizes emphasize note notes noted motivated inspired driven participate participated participating
submit submits submitted submitting submission submissions release releases released releasing publish published
ranked ranks won release publicly available availability generate generates convert converts converted receive
receives received receiving connect connects connected connecting couple couples couple coupled attach attached
attaches dispose disposed mount mounted position positioned locate located extend extending form forms formed forming
arrange arranged configure configured adapt adapted operate operates operated place placed placing couple
new novel recent recently modern traditional conventional current currently existing standard common commonly
important importance significant significantly substantial substantially considerable considerably effective
effectively effectiveness efficient efficiently efficiency good better best well superior inferior high higher highest
highly low lower lowest great greater greatest strong stronger strongly weak weaker big bigger larger largest small
smaller smallest main mainly major minor key primary primarily principal particular particularly specific
specifically special especially general generally usual typical typically certain different differently difference
differences similar similarly similarity various varying diverse wide widely wider broad broadly rich richer
possible possibly potential potentially able ability capable capability capabilities useful usefulness suitable
appropriate relevant necessary sufficient sufficiently difficult difficulty hard easy easily easier simple simply
simpler complex complicated challenging challenge challenges challenged crucial critical essential fundamental
interesting promising competitive comparable remarkable impressive extensive extensively comprehensive detailed
thorough thoroughly systematic systematically preliminary initial initially final finally overall entire entirely whole
full fully complete completely partial partially additional additionally extra further future prior later
early earlier late long longer short shorter rapid rapidly quick quickly fast faster slow direct directly indirect
clear clearly obvious true false real actual actually correct correctly proper properly respective respectively
corresponding accordingly consequently subsequently previously simultaneously independently separately individually
solely merely largely mostly partly greatly heavily closely highly increasingly relatively extremely explicitly
implicitly successfully consistently frequently successful unsuccessful consistent inconsistent
way ways approach approaches aspect aspects issue issues problem problems goal goals purpose purposes reason reasons
fact facts idea ideas case cases example examples instance instances type types kind kinds sort category number
numbers amount amounts degree extent range ranges variety set sets series group groups part parts piece pieces pair
pairs point points step steps stage stages level levels order orders manner means basis lack presence absence
existence role advantage advantages disadvantage benefit benefits drawback limitation limitations contribution
contributions attention-worthy interest interests insight insights evidence progress advance advances success
state-of-the-art sota baseline baselines performance accuracy score scores percent percentage year years day days
month months time times decade today nowadays
invention embodiment embodiments plurality said therefrom apparatus thereon preferably preferred wherein means claim
claims disclosed disclose discloses disclosure aforementioned respectively predetermined
end side portion portions member members unit units element elements lower upper inner outer top bottom front rear
left right center middle vertical horizontal adjacent opposite
come comes coming go goes going went put puts set say says said show let run runs running work working
change changes changed vary varies varied different contrast addition particular general turn order view terms term
e.g. i.e. http https www com org github url html
assume assumes assumed maintain maintains maintained supply supplies supplied remove removed removes provide
perform move moves moving moved hold holds holding allow add adds added adding store stored stores
support supports supported supporting serve serves serving follow follows cover covers covered covering
share shares sharing bring brings bringing rely relies relying depend associate associated associates associating
characterize characterized distinguish distinguishes preserve preserves retain retains maximize minimize minimizes
attract attracted suffer suffers suffering hope believe expect expected expects
discover discovers discovered explain explains explained conduct conducts conducted conducting
collect collects collected collecting gather gathered employ
promote promotes promoting alleviate alleviates accelerate accelerates rank ranking-based
""".split()
)

SOFT = frozenset(
    """
data question large text word language image video speech information knowledge user users domain system systems
model models method methods technique techniques feature features task tasks training test input output
natural human social multi single double joint deep machine computer digital online local global open public
automatic automated end source target based document sentence query event entity relation relations sequence
structure structures content context semantic syntactic neural visual linguistic lexical statistical
multilingual bilingual monolingual cross-lingual multimodal contextual hierarchical supervised unsupervised
semi-supervised self-supervised generative discriminative adversarial parallel sequential dynamic static linear
nonlinear random sparse dense continuous discrete conditional probabilistic hybrid adaptive interactive active
passive mobile wireless electronic electrical electric optical magnetic mechanical thermal chemical medical
clinical biomedical legal financial scientific technical academic commercial industrial educational political
pre-trained pretrained trained fine-tuned learned shared low-resource high-resource large-scale small-scale
high-quality real-time real-world end-to-end fine-grained coarse-grained domain-specific task-specific
language-specific task-oriented goal-oriented open-domain open-source multi-task multi-domain multi-modal multi-lingual
data-driven cross-domain zero-shot few-shot one-shot
long short named support mean random dual first-order second-order higher-order rank reduced embedded augmented
english chinese german french spanish japanese korean arabic hindi russian italian portuguese turkish dutch czech
finnish indian european american western eastern asian african
""".split()
)

# Words of events and organisations: a name that holds one is no technology.
EVENTS = frozenset(
    """
workshop conference symposium competition campaign university institute laboratory college faculty department
association society foundation union committee council congress shared-task hackathon proceedings journal inc ltd corp
""".split()
)

# Last words that seldom make a technology, whatever the corpus ("training data", "error analysis").
WEAK_HEADS = frozenset(
    """
data dataset datasets corpus corpora language languages word words sentence sentences text texts document documents
task tasks user users people person human humans speaker speakers student students domain domains information
knowledge content context feature features community evaluation annotation annotations example sample samples
experiment metric metrics rate ratio error errors quality size length number value values parameter parameters input output
inputs outputs training testing setting settings scenario scenarios condition conditions property properties
question questions answer answers topic topics event events entity entities relation relations relationship
relationships category categories class classes label labels pattern patterns structure structures concept concepts
meaning opinion opinions area areas region regions country world society market company organization institution
team teams competition workshop conference shared track tracks challenge year process processes application
applications resource resources analysis tool tools approach approaches method methods strategy strategies
line lines surface surfaces body position direction axis edge wall housing layer signal signals material materials
water air gas pressure temperature time state states space step function functions operation operations phrase
phrases tweet tweets comment comments review reviews article articles news post posts speech image images video videos
family tree genre verb verbs noun nouns token tokens character characters source sources target targets
""".split()
)

# Last words that across the sciences tend to close the name of a technique, device, material or field.
STRONG_HEADS = frozenset(
    """
network networks learning algorithm algorithms translation recognition parsing generation retrieval summarization
classification detection segmentation extraction answering inference embedding embeddings transformer attention
autoencoder encoder decoder distillation augmentation tuning fine-tuning pretraining pre-training adaptation
mining processing computing vision robotics robot sensor sensors laser transistor diode battery batteries cell antenna
circuit memory processor semiconductor photonics lithography spectroscopy microscopy imaging tomography radar lidar
sequencing editing therapy vaccine vaccines synthesis catalyst catalysis polymer composite nanoparticle nanotube graphene
encryption cryptography blockchain protocol compiler database framework architecture engine interface platform
regression optimization clustering sampling simulation modeling modelling forecasting prediction reasoning planning
graph graphs assistant agent agents chatbot model models system systems machine technology technologies
disambiguation tagging alignment normalization correction linking resolution completion grounding captioning
reinforcement transfer control controller actuator motor engine turbine reactor display screen
manufacturing printing welding coating etching deposition authentication virtualization
compression modulation communication transmission amplifier oscillator converter inverter filter filtering
""".split()
)
