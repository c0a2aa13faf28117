use super::*;

fn application() -> DisclosureApplication {
    DisclosureApplication {
        applicant: Applicant::Citizen(Citizen {
            name: "张三".into(),
            employer: None,
            document: IdentityDocument::ResidentCard,
            number: "11010519491231002X".into(),
            phone: "0512-6288 0000".into(),
            address: "苏州工业园区示例路1号".into(),
            postcode: Some("215000".into()),
            email: None,
        }),
        body: None,
        wanted: "2025年度斜塘街道预算执行情况".into(),
        purpose: None,
        medium: DeliveryMedium::Paper,
        way: DeliveryWay::PickUp,
    }
}

fn citizen(change: impl FnOnce(&mut Citizen)) -> Result<(), InvalidForm> {
    let mut application = application();
    let Applicant::Citizen(citizen) = &mut application.applicant else {
        unreachable!("the sample is a citizen's");
    };
    change(citizen);
    Form::DisclosureApplication(Box::new(application)).check()
}

#[test]
fn an_application_needs_what_article_29_asks_for_and_never_a_purpose() {
    assert_eq!(citizen(|_| {}), Ok(()));
    assert_eq!(
        citizen(|c| c.name = " ".into()),
        Err(InvalidForm::Missing("name"))
    );
    assert_eq!(
        citizen(|c| c.phone = "call me".into()),
        Err(InvalidForm::Wrong("phone"))
    );
    assert_eq!(
        citizen(|c| c.address = String::new()),
        Err(InvalidForm::Missing("address"))
    );
    assert_eq!(
        citizen(|c| c.postcode = Some("2150".into())),
        Err(InvalidForm::Wrong("postcode"))
    );
    assert_eq!(
        citizen(|c| c.email = Some("a@b@c.d".into())),
        Err(InvalidForm::Wrong("email"))
    );
    let too_long = InvalidForm::TooLong {
        field: "name",
        most: 200,
    };
    assert_eq!(citizen(|c| c.name = "张".repeat(201)), Err(too_long));
}

#[test]
fn an_identity_number_is_checked_where_it_has_a_check_digit() {
    let wrong = Err(InvalidForm::Wrong("identity_number"));
    for number in [
        "110105194912310021",
        "11010519491231002",
        "1101051949123100２X",
        "abc",
    ] {
        assert_eq!(citizen(|c| c.number = number.into()), wrong, "{number}");
    }
    let passport = citizen(|c| {
        c.document = IdentityDocument::Passport;
        c.number = "E12345678".into();
    });
    assert_eq!(passport, Ok(()));
}

#[test]
fn who_wants_an_answer_by_mail_says_where_to() {
    let mut form = application();
    form.way = DeliveryWay::Email;
    assert_eq!(form.check(), Err(InvalidForm::Missing("email")));
}

#[test]
fn an_organisation_is_known_by_its_credit_code() {
    let organisation = |code: &str| {
        let mut form = application();
        form.applicant = Applicant::Organisation(Organisation {
            name: "示例公司".into(),
            credit_code: code.into(),
            representative: "李四".into(),
            contact: "王五".into(),
            phone: "13800000000".into(),
            address: "示例路2号".into(),
            postcode: None,
            email: Some("a@example.com".into()),
        });
        form.check()
    };
    assert_eq!(
        organisation("11320500014149463X"),
        Err(InvalidForm::Wrong("credit_code"))
    );
    assert_eq!(organisation("91350100M000100Y43"), Ok(()));
}

#[test]
fn a_payload_comes_back_as_it_was_and_says_nothing_when_logged() {
    let payload = Payload {
        handed_in_at: "2026-11-26T08:00:00Z".parse().unwrap(),
        form: Form::DisclosureApplication(Box::new(application())),
        attachments: vec![Attachment {
            id: SubmissionId::new(),
            name: "附件.jpg".into(),
            media_type: "image/jpeg".into(),
            length: 3,
            sha256: "00".repeat(32),
        }],
    };
    assert_eq!(Payload::from_bytes(&payload.to_bytes()).unwrap(), payload);
    let logged = format!("{payload:?} {:?} {:?}", payload.form, payload.attachments);
    for personal in ["张三", "1101", "0512", "示例路", "预算", "附件"] {
        assert!(!logged.contains(personal), "{logged}");
    }
}

#[test]
fn every_kind_of_form_says_its_kind_and_round_trips() {
    let record = || "guide-001".to_owned().try_into().unwrap();
    let forms = [
        Form::Suggestion(Suggestion {
            sort: SuggestionKind::Complaint,
            text: "排队太久".into(),
            record: None,
            name: None,
            phone: None,
        }),
        Form::Correction(Correction {
            record: record(),
            generation: 7,
            field: Some("办理地点".into()),
            text: "已搬迁".into(),
            phone: None,
        }),
        Form::Rating(Rating {
            grade: Grade::Satisfied,
            record: Some(record()),
            text: None,
        }),
    ];
    for form in forms {
        assert_eq!(form.check(), Ok(()));
        let json = serde_json::to_value(&form).unwrap();
        assert_eq!(json["kind"], form.kind().name());
        assert_eq!(serde_json::from_value::<Form>(json).unwrap(), form);
    }
}
