"""English forms that no ending gives away, so that *sank* is found by *sink*."""

_FORMS = """
be am is are was were been; bear bore born borne; beat beaten; become became; begin began begun; bite bit bitten;
blow blew blown; break broke broken; bring brought; build built; burn burnt; buy bought; catch caught;
choose chose chosen; come came; deal dealt; dig dug; do did done does; draw drew drawn; drink drank drunk;
drive drove driven; eat ate eaten; fall fell fallen; feel felt; fight fought; find found; flee fled; fly flew flown;
forget forgot forgotten; freeze froze frozen; get got gotten; give gave given; go went gone; grow grew grown;
hang hung; have has had; hear heard; hide hid hidden; hold held; keep kept; know knew known; lay laid; lead led;
learn learnt; leave left; lend lent; lie lain; lose lost; make made; mean meant; meet met; pay paid; ride rode ridden;
ring rang rung; rise rose risen; run ran; say said; see saw seen; seek sought; sell sold; send sent;
shake shook shaken; shoot shot; show shown; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat;
sleep slept; speak spoke spoken; spend spent; stand stood; steal stole stolen; stick stuck; strike struck;
swear swore sworn; swim swam swum; take took taken; teach taught; tear tore torn; tell told; think thought;
throw threw thrown; understand understood; wake woke woken; wear wore worn; win won; write wrote written;
child children; foot feet; man men; woman women; wife wives; life lives
"""

BASE = {form: base for base, *forms in map(str.split, _FORMS.split(";")) for form in forms}
"""The word that each of these is a form of."""
